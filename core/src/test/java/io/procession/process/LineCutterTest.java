package io.procession.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Where what a child writes is cut.
class LineCutterTest {
  private final List<String> lines = new ArrayList<>();
  private final LineCutter cutter = new LineCutter(StandardCharsets.UTF_8, lines::add);

  private void add(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    cutter.add(bytes, bytes.length);
  }

  @Test
  void atTheEndsOfLines() {
    add("first\r\n\nthi");
    add("rd\nlast");
    cutter.end();
    assertThat(lines).containsExactly("first", "", "third", "last");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "\u00e9", "\u20ac", "\ud83d\ude00"})
  void withinALongLineBetweenCharacters(String character) {
    String text = "x" + character.repeat(LineCutter.MAX_LINE);
    add(text + "\n");
    assertThat(lines.size()).isGreaterThan(1);
    assertThat(String.join("", lines).equals(text)).as("parts make the line").isTrue();
  }

  @Test
  void withinALongLineOfWhatIsNoText() {
    byte[] bytes = new byte[3 * LineCutter.MAX_LINE];
    Arrays.fill(bytes, (byte) 0x80);
    cutter.add(bytes, bytes.length);
    assertThat(lines.size()).isEqualTo(2);
    cutter.end();
    assertThat(lines.size()).isEqualTo(3);
  }

  @Test
  void lineOfJustTheGreatestLengthIsWhole() {
    String text = "x".repeat(LineCutter.MAX_LINE);
    add(text + "\n" + text);
    cutter.end();
    assertThat(lines).extracting(String::length).containsExactly(text.length(), text.length());
  }
}

package io.procession.examples.census;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ScreenTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  @Test
  void printsLinesOnlyWhereThereIsNoTerminal() {
    Screen screen = new Screen(out, false);
    try (var bar = screen.bar("work", 10)) {
      bar.advance(10);
      screen.say("a line");
    }

    assertThat(written()).isEqualTo("a line" + System.lineSeparator());
  }

  @Test
  void drawsABarOnATerminalAndTakesItAway() {
    Screen screen = new Screen(out, true);
    try (var bar = screen.bar("work", 10)) {
      bar.advance(10);
    }
    screen.say("a line");

    assertThat(written()).contains("work 100%").containsPattern("\r +\ra line\\R$");
  }

  @Test
  void keepsTheBarBelowTheLines() {
    Screen screen = new Screen(out, true);
    try (var bar = screen.bar("work", 10)) {
      bar.advance(5);
      await().until(() -> written().contains("work  50%"));
      String shown;
      synchronized (screen) { // nothing is drawn in between
        screen.say("a line");
        shown = written();
      }
      assertThat(shown).containsPattern("\r *\ra line\\R\rwork  50%.*$");
    }
  }

  private String written() {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}

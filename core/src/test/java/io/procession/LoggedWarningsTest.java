package io.procession;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.architecture.Sources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Who reads a warning of the library finds it in the guide's page of failures.
class LoggedWarningsTest {
  private static final Sources SOURCES = new Sources(Path.of("src", "main", "java"));
  private static final Path PAGE = Path.of("..", "docs", "guide", "failures.md");
  private static final Pattern WARNING =
      Pattern.compile("log\\(\\s*(?:System\\.Logger\\.)?Level\\.WARNING,([^;]*?);", Pattern.DOTALL);
  private static final Pattern WARN = Pattern.compile("\\bwarn\\((\"[^;]*?);", Pattern.DOTALL);

  /// One literal, or several that are joined.
  private static final Pattern TEXT = Pattern.compile("\"([^\"]*)\"((?:\\s*\\+\\s*\"[^\"]*\")*)");

  /// Texts that do not stand beside the level.
  private static final Map<String, String> ELSEWHERE =
      Map.of(
          "Events.java", "a listener has thrown",
          "LogOutbox.java", " records of this process were dropped here",
          "HeedsNoStop.java", "a process that is a thread was asked to end and runs on: process=");

  private static List<String> texts(String file, String source) {
    String elsewhere = ELSEWHERE.get(file);
    List<String> texts = new ArrayList<>();
    if (elsewhere != null) {
      assertThat(source).contains(elsewhere);
      texts.add(elsewhere);
    }
    for (Pattern pattern : List.of(WARNING, WARN)) {
      Matcher found = pattern.matcher(source);
      while (found.find()) {
        Matcher text = TEXT.matcher(found.group(1));
        if (elsewhere == null || pattern == WARN) {
          assertThat(text.find()).as("a text in %s: %s", file, found.group(1)).isTrue();
          texts.add(
              text.group(1) + text.group(2).replaceAll("\"\\s*\\+\\s*\"|\\s*\\+\\s*\"|\"", ""));
        }
      }
    }
    return texts;
  }

  private static Map<String, String> all() {
    Map<String, String> all = new TreeMap<>();
    SOURCES
        .texts()
        .forEach((path, source) -> {
          String file = path.substring(path.lastIndexOf('/') + 1);
          for (String text : texts(file, source)) {
            all.put(text.strip(), file);
          }
        });
    return all;
  }

  @Test
  void pageOfFailuresHasEveryWarning() throws IOException {
    String page = Files.readString(PAGE);
    Map<String, String> missing = all();
    assertThat(missing.values()).hasSizeGreaterThanOrEqualTo(14).containsAll(ELSEWHERE.keySet());
    missing.keySet().removeIf(page::contains);
    assertThat(missing).isEmpty();
  }
}

package io.procession;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.architecture.Sources;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Who hands in what is refused reads the rule, the value and a remedy: `rule: name=value; remedy`.
class ErrorTextsTest {
  private static final Pattern THROWN = Pattern.compile("new IllegalArgumentException\\(");
  private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

  /// Begins of texts that are not for callers: bytes of other processes, and calls of the library's own.
  private static final Set<String> EXCEPTIONS =
      Set.of(
          "pool/ChunkRun.java: no chunk of its length",
          "connection/End.java: a pipe has two ends",
          "manager/ServedPool.java: no options of a pool",
          "process/StartMethod.java: -D", // the error within has the rest
          "process/StartMethod.java: there is no such start method", // its remedy is the list
          "serial/Handle.java: not a class of the library",
          "serial/LargeArrays.java: cut table of arrays",
          "serial/LargeArrays.java: no array of this message");

  /// All literals of each statement that makes one.
  static List<String> texts(String source) {
    List<String> texts = new ArrayList<>();
    Matcher thrown = THROWN.matcher(source);
    while (thrown.find()) {
      StringBuilder text = new StringBuilder();
      Matcher literal = LITERAL.matcher(source.substring(thrown.end(), end(source, thrown.end())));
      while (literal.find()) {
        text.append(literal.group(1));
      }
      texts.add(text.toString());
    }
    return texts;
  }

  /// Where the parenthesis before is closed.
  private static int end(String source, int from) {
    int depth = 1;
    int at = from;
    while (depth > 0) {
      char c = source.charAt(at);
      if (c == '"' || c == '\'') {
        at = endOfLiteral(source, at, c);
      }
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      at++;
    }
    return at - 1;
  }

  private static int endOfLiteral(String source, int from, char quote) {
    int at = from + 1;
    while (source.charAt(at) != quote) {
      at += source.charAt(at) == '\\' ? 2 : 1;
    }
    return at;
  }

  static boolean isWhole(String text) {
    return text.isEmpty() || (text.contains("=") && text.contains("; "));
  }

  @Test
  void refusalsHaveAValueAndARemedy() {
    Set<String> found = new TreeSet<>();
    int all = 0;
    for (Map.Entry<String, String> source : Sources.exported().entrySet()) {
      for (String text : texts(source.getValue())) {
        all++;
        if (!isWhole(text)) {
          found.add(source.getKey() + ": " + text.replaceFirst("(?:: |=|, ).*", ""));
        }
      }
    }
    assertThat(all).isGreaterThan(80);
    assertThat(found).isEqualTo(new TreeSet<>(EXCEPTIONS));
  }

  @Test
  void ruleFindsWhatLacks() {
    assertThat(
            texts("throw new IllegalArgumentException(\n\"a(b: x=\" + f(x, ')') + \"; do\", e);"))
        .containsExactly("a(b: x=; do");
    assertThat(isWhole("rule: x=; do y")).isTrue();
    assertThat(isWhole("rule: x=")).isFalse();
    assertThat(isWhole("rule; do y")).isFalse();
  }
}

package io.procession;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.architecture.Sources;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Records of options read alike.
class OptionRecordsTest {
  private static final Pattern RECORD =
      Pattern.compile("public record (\\w+Options)\\(([^{]*?)\\)\\s*(?:implements[^{]*)?\\{");
  private static final Pattern WITH =
      Pattern.compile("((?:  ///[^\n]*\n)+)(?:  @[^\n]*\n)*  public \\w+ (with\\w+)\\(");
  private static final Pattern BEGIN = Pattern.compile("  /// (?:Sets|Adds|Replaces) ");
  private static final int MOST_WITHOUT_DRAFT = 5;

  private static List<String> breaches(String source) {
    List<String> breaches = new ArrayList<>();
    Matcher record = RECORD.matcher(source);
    if (!record.find()) {
      return breaches;
    }
    String name = record.group(1);
    int components = record.group(2).split(",(?![^<]*>)", -1).length;
    if (components > MOST_WITHOUT_DRAFT && !source.contains("class Draft {")) {
      breaches.add(name + " has no Draft");
    }
    if (!source.contains("public static " + name + " defaults()")) {
      breaches.add(name + " has no defaults()");
    }
    Matcher with = WITH.matcher(source);
    while (with.find()) {
      String comment = with.group(1);
      if (!BEGIN.matcher(comment).lookingAt() || !comment.contains("/// @return options with ")) {
        breaches.add(name + "." + with.group(2));
      }
    }
    return breaches;
  }

  @Test
  void commentsAndDraftsAreAlike() {
    int records = 0;
    List<String> found = new ArrayList<>();
    for (Map.Entry<String, String> source : Sources.exported().entrySet()) {
      records += RECORD.matcher(source.getValue()).find() ? 1 : 0;
      found.addAll(breaches(source.getValue()));
    }
    assertThat(records).isGreaterThanOrEqualTo(9);
    assertThat(found).containsExactly("TlsOptions has no defaults()"); // it is of a context
  }

  @Test
  void ruleFindsWhatIsNotAlike() {
    String good =
        """
          public static AOptions defaults() {
          /// Sets a.
          ///
          /// @return options with that
          public AOptions withA(int a) {
        """
            .indent(0);
    assertThat(breaches("public record AOptions(int a) {\n" + good)).isEmpty();
    assertThat(breaches("public record AOptions(int a) {\n" + good.replace("Sets", "Has")))
        .hasSize(1);
    assertThat(
            breaches("public record AOptions(int a, int b, int c, int d, int e, int f) {" + good))
        .containsExactly("AOptions has no Draft");
  }
}

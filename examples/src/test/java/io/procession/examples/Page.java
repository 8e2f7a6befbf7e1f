package io.procession.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// What a page of Markdown has beside its blocks of code.
///
/// @param prose all of it but what stands between fences
public record Page(String prose) {
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```.*?^```$");
  private static final Pattern CODE = Pattern.compile("`[^`\\n]*`");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

  public static Page read(Path file) throws IOException {
    return of(Files.readString(file));
  }

  static Page of(String text) {
    return new Page(BLOCK.matcher(text).replaceAll(""));
  }

  /// Where the page links to, images too, without addresses of the web.
  List<String> links() {
    return LINK.matcher(CODE.matcher(prose).replaceAll(""))
        .results()
        .map(link -> link.group(1))
        .filter(link -> !link.contains("://"))
        .toList();
  }

  /// The names by which others link to its headings.
  List<String> anchors() {
    return prose
        .lines()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT))
        .map(line -> line.replaceAll("[^a-z0-9 _-]", "").replace(' ', '-'))
        .toList();
  }
}

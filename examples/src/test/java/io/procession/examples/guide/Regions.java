package io.procession.examples.guide;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The regions of a source: from a line `// [name]`, or `# [name]`, to the next such line.
final class Regions {
  private static final String END = "end";
  private static final Pattern MARK = Pattern.compile(" *(?://|#) \\[(\\w+)]");

  private Regions() {}

  /// The regions by name, each moved to the left as far as it goes, without empty lines around.
  static Map<String, String> of(String source) {
    Map<String, String> regions = new LinkedHashMap<>();
    List<String> lines = new ArrayList<>();
    String name = END;
    for (String line : source.lines().toList()) {
      Matcher mark = MARK.matcher(line);
      if (!mark.matches()) {
        lines.add(line);
        continue;
      }
      if (!name.equals(END) && regions.put(name, shown(lines)) != null) {
        throw new AssertionError("two regions of one name: " + name);
      }
      name = mark.group(1);
      lines.clear();
    }
    if (!name.equals(END)) {
      throw new AssertionError("a region without an end: " + name);
    }
    return regions;
  }

  private static String shown(List<String> lines) {
    return String.join("\n", lines).stripTrailing().stripIndent().strip();
  }
}

package io.procession.examples.guide;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A page of the guide, with its blocks of code. Above each stands a comment that says where it is
/// from: `<!-- Locks.java: counting -->`, a region of a source, or `<!-- Locks prints: counting -->`.
///
/// @param name of its file
/// @param blocks its blocks, in order
record Chapter(String name, List<Block> blocks) {
  private static final Pattern SOURCE = Pattern.compile("<!-- (\\w+\\.(?:java|py)): (\\w+) -->");
  private static final Pattern OUTPUT =
      Pattern.compile("<!-- (\\w+) prints: (\\w+)(, in any order)? -->");

  /// What stands between two fences.
  sealed interface Block {
    /// Where, for messages.
    String place();

    String text();
  }

  /// A region of a source.
  record Code(String place, String source, String region, String text) implements Block {}

  /// What a part of a program prints.
  record Output(String place, String program, String part, boolean ordered, String text)
      implements Block {}

  static Chapter read(Path file) throws IOException {
    return of(file.getFileName().toString(), Files.readString(file));
  }

  static Chapter of(String name, String text) {
    List<String> lines = text.lines().toList();
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith("```")) {
        int end = i + 1;
        while (!lines.get(end).equals("```")) {
          end++;
        }
        String block = String.join("\n", lines.subList(i + 1, end));
        blocks.add(block(name + ":" + (i + 1), i == 0 ? "" : lines.get(i - 1), block));
        i = end;
      }
    }
    return new Chapter(name, blocks);
  }

  private static Block block(String place, String above, String text) {
    Matcher source = SOURCE.matcher(above);
    if (source.matches()) {
      return new Code(place, source.group(1), source.group(2), text);
    }
    Matcher output = OUTPUT.matcher(above);
    if (output.matches()) {
      return new Output(place, output.group(1), output.group(2), output.group(3) == null, text);
    }
    throw new AssertionError("nothing above says where the block is from: " + place);
  }
}

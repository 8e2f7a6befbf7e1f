package io.procession;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The library's sources, for rules that class files cannot tell.
final class Sources {
  static final Path MAIN = Path.of("src", "main", "java");

  private Sources() {}

  /// Those of exported packages, by their path below `io/procession`.
  static Map<String, String> exported() {
    Path top = MAIN.resolve("io").resolve("procession");
    Map<String, String> sources = new TreeMap<>();
    try (Stream<Path> files = Files.walk(top)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        String name = top.relativize(file).toString();
        if (!name.startsWith("internal")) {
          sources.put(name, Files.readString(file));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return sources;
  }
}

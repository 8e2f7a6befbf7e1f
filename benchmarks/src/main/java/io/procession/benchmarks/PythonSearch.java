package io.procession.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Finds the newest CPython on the path.
///
/// A folder of pyenv's shims stands for the versions that pyenv has installed: which of them a shim
/// runs, if any, depends on the working folder.
final class PythonSearch {
  private static final Pattern NAME = Pattern.compile("python3(\\.\\d{1,4})?");
  private static final String SHIMS = "shims";

  private PythonSearch() {}

  /// The newest one that runs, among the folders of `path`, a list as in the `PATH` variable.
  static Optional<Python> newest(String path) {
    return candidates(path).stream()
        .map(Python::probe)
        .flatMap(Optional::stream)
        .max(Comparator.comparing(Python::version));
  }

  /// Every `python3` and `python3.N`, one file a program however many names it has.
  static Collection<Path> candidates(String path) {
    Map<Path, Path> byFile = new LinkedHashMap<>();
    for (String entry : path.split(Pattern.quote(File.pathSeparator), -1)) {
      if (!entry.isEmpty()) {
        for (Path folder : folders(Path.of(entry))) {
          for (Path found : list(folder, NAME)) {
            realFile(found).ifPresent(file -> byFile.putIfAbsent(file, found));
          }
        }
      }
    }
    return byFile.values();
  }

  private static List<Path> folders(Path entry) {
    Path versions = entry.resolveSibling("versions");
    if (!entry.endsWith(SHIMS) || !Files.isDirectory(versions)) {
      return List.of(entry);
    }
    return list(versions, Pattern.compile(".*")).stream()
        .map(version -> version.resolve("bin"))
        .toList();
  }

  private static List<Path> list(Path folder, Pattern name) {
    var found = new ArrayList<Path>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        if (name.matcher(entry.getFileName().toString()).matches()) {
          found.add(entry);
        }
      }
    } catch (IOException e) {
      return List.of();
    }
    found.sort(Comparator.naturalOrder());
    return found;
  }

  private static Optional<Path> realFile(Path path) {
    try {
      return Files.isExecutable(path) ? Optional.of(path.toRealPath()) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}

package io.procession.testing;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The CPythons of this machine: those on the path, and those that pyenv has installed if its shims
/// are on the path. One of each minor version.
public final class Pythons {
  private static final Pattern NAME = Pattern.compile("python(\\d(\\.\\d{1,3})?)?");
  private static final Pattern ANSWER = Pattern.compile("CPython (\\d+)\\.(\\d+)\\.\\d+");
  private static final String QUESTION =
      "import platform as p; print(p.python_implementation() + ' ' + p.python_version())";
  private static final int PATIENCE_SECONDS = 20;

  /// One of them.
  public record Python(int major, int minor, Path executable) {
    /// Whether its version is that or a later one.
    public boolean isAtLeast(int wantedMajor, int wantedMinor) {
      return major > wantedMajor || (major == wantedMajor && minor >= wantedMinor);
    }

    @Override
    public String toString() {
      return "Python " + major + "." + minor;
    }
  }

  private Pythons() {}

  /// All, from the oldest to the newest.
  public static List<Python> all() throws IOException, InterruptedException {
    var found = new TreeMap<Integer, Python>();
    for (Path candidate : candidates()) {
      Matcher answer = ANSWER.matcher(ask(candidate));
      if (answer.lookingAt()) {
        int major = Integer.parseInt(answer.group(1));
        int minor = Integer.parseInt(answer.group(2));
        found.putIfAbsent(1000 * major + minor, new Python(major, minor, candidate));
      }
    }
    return List.copyOf(found.values());
  }

  private static Collection<Path> candidates() {
    var byFile = new TreeMap<Path, Path>();
    String path = System.getenv().getOrDefault("PATH", "");
    for (String entry : path.split(Pattern.quote(File.pathSeparator), -1)) {
      if (!entry.isEmpty()) {
        for (Path folder : folders(Path.of(entry))) {
          for (Path found : list(folder)) {
            if (NAME.matcher(found.getFileName().toString()).matches()) {
              putFile(byFile, found);
            }
          }
        }
      }
    }
    return byFile.values();
  }

  private static void putFile(Map<Path, Path> byFile, Path found) {
    try {
      if (Files.isExecutable(found)) {
        byFile.putIfAbsent(found.toRealPath(), found);
      }
    } catch (IOException e) {
      // a link to nowhere
    }
  }

  private static List<Path> folders(Path entry) {
    Path versions = entry.resolveSibling("versions");
    if (!entry.endsWith("shims") || !Files.isDirectory(versions)) {
      return List.of(entry);
    }
    return list(versions).stream().map(version -> version.resolve("bin")).toList();
  }

  private static List<Path> list(Path folder) {
    var found = new ArrayList<Path>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      entries.forEach(found::add);
    } catch (IOException e) {
      return List.of();
    }
    return found;
  }

  private static String ask(Path candidate) throws IOException, InterruptedException {
    Process process;
    try {
      process =
          new ProcessBuilder(candidate.toString(), "-c", QUESTION)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      return ""; // not a program
    }
    process.getOutputStream().close();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
      return "";
    }
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}

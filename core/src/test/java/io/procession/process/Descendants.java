package io.procession.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Finds the processes of a session from outside, also those whose parents are gone: each has the
/// path of the arena on its command line.
final class Descendants {
  private Descendants() {}

  /// The command lines of all live processes of the session whose first process has this pid.
  static List<String> of(long root) throws IOException {
    String arena = "/proc/" + root + "/fd/";
    List<String> found = new ArrayList<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        String command = command(process);
        if (command.contains(arena)) {
          found.add(process.getFileName() + ": " + command);
        }
      }
    }
    return found;
  }

  /// True once the shell that starts a child has become java.
  static boolean isJava(long pid) {
    return command(Path.of("/proc", "" + pid)).contains("ChildMain")
        && !command(Path.of("/proc", "" + pid)).startsWith("/bin/sh");
  }

  static String command(Path process) {
    try {
      byte[] command = Files.readAllBytes(process.resolve("cmdline"));
      return new String(command, StandardCharsets.ISO_8859_1).replace('\0', ' ');
    } catch (IOException e) {
      return ""; // it has ended meanwhile
    }
  }
}

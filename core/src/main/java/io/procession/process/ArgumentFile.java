package io.procession.process;

import io.procession.internal.arena.Session;
import io.procession.internal.posix.ErrnoException;
import io.procession.internal.posix.Posix;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A file of JVM arguments that `java @file` reads: no limit of the command line applies, and
/// nobody else can read it in the process table.
///
/// One for each distinct content, shared by all children that are started with it: anonymous memory
/// where the session's arena is (opened by the child through `/proc`), else a file in the session's
/// private folder. It lasts until the last of these children has ended.
final class ArgumentFile {
  private static final Map<List<String>, ArgumentFile> FILES = new HashMap<>();
  private static final int NO_DESCRIPTOR = -1;
  private static int made;

  private final List<String> arguments;
  private final String path;
  private final int descriptor;
  private int users; // guarded by FILES

  private ArgumentFile(List<String> arguments, String path, int descriptor) {
    this.arguments = arguments;
    this.path = path;
    this.descriptor = descriptor;
  }

  /// The file with these arguments. Whoever gets it calls [#release] once.
  static ArgumentFile of(List<String> arguments, Session session) throws IOException {
    synchronized (FILES) {
      ArgumentFile file = FILES.get(arguments);
      if (file == null) {
        file = write(arguments, session);
        FILES.put(arguments, file);
      }
      file.users++;
      return file;
    }
  }

  /// By which path a child of this process opens it.
  String path() {
    return path;
  }

  void release() {
    synchronized (FILES) {
      users--;
      if (users == 0) {
        FILES.remove(arguments);
        delete();
      }
    }
  }

  /// The content of a file that `java` reads as exactly these arguments.
  static String quoted(List<String> arguments) {
    StringBuilder out = new StringBuilder();
    for (String argument : arguments) {
      out.append('"');
      for (int i = 0; i < argument.length(); i++) {
        char c = argument.charAt(i);
        switch (c) {
          case '"', '\\' -> out.append('\\').append(c);
          case '\n' -> out.append("\\n");
          case '\r' -> out.append("\\r");
          case '\t' -> out.append("\\t");
          case '\f' -> out.append("\\f");
          case '\0' ->
              throw new IllegalArgumentException(
                  "a JVM argument must not contain the character 0: argument="
                      + argument
                      + "; leave it out");
          default -> out.append(c);
        }
      }
      out.append("\"\n");
    }
    return out.toString();
  }

  private static ArgumentFile write(List<String> arguments, Session session) throws IOException {
    byte[] content = quoted(arguments).getBytes(nativeCharset());
    if (session.arenaPath().startsWith("/proc/")) {
      int descriptor = Posix.memfdCreate("procession-arguments");
      String path = "/proc/" + ProcessHandle.current().pid() + "/fd/" + descriptor;
      boolean done = false;
      try {
        write(path, content);
        done = true;
      } finally {
        if (!done) {
          Posix.close(descriptor);
        }
      }
      return new ArgumentFile(arguments, path, descriptor);
    }
    made++;
    Path folder = Path.of(session.arenaPath()).resolveSibling("");
    String name = "arguments-" + ProcessHandle.current().pid() + "-" + made;
    String path = folder.resolve(name).toString();
    write(path, content);
    return new ArgumentFile(arguments, path, NO_DESCRIPTOR);
  }

  private static void write(String path, byte[] content) throws IOException {
    try (FileOutputStream out = new FileOutputStream(path)) {
      out.write(content);
    }
  }

  private void delete() {
    try {
      if (descriptor == NO_DESCRIPTOR) {
        Files.deleteIfExists(Path.of(path));
      } else {
        Posix.close(descriptor);
      }
    } catch (ErrnoException e) {
      throw new AssertionError(e);
    } catch (IOException e) {
      // it goes with the session's folder
    }
  }

  /// `java` takes the bytes of its arguments in the encoding of the locale.
  static Charset nativeCharset() {
    return Charset.forName(
        System.getProperty("sun.jnu.encoding", "UTF-8"), Charset.defaultCharset());
  }
}

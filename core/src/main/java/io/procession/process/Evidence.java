package io.procession.process;

import io.procession.internal.arena.Session;
import io.procession.internal.posix.ErrnoException;
import io.procession.internal.posix.Posix;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// What is laid out before a JVM is started, so that its death can be explained: where its crash report
/// goes, and the kernel's counts of that moment.
///
/// The report goes to memory that has no name, opened by the child through `/proc`, where the session's
/// arena is such memory too: then nothing is left behind, whoever is killed. Else it goes to a file in
/// the session's private folder. A user's `-XX:ErrorFile` is kept: what it names is read and stays.
final class Evidence {
  private static final String ERROR_FILE = "-XX:ErrorFile=";
  private static final String EXIT_FLAG = "ExitOnOutOfMemoryError";
  private static final int NO_DESCRIPTOR = -1;
  private static final int MOST_BYTES = 64 * 1024;
  private static final AtomicInteger MADE = new AtomicInteger();

  private final @Nullable String report;
  private final boolean isOurs;
  private final int descriptor;
  private final boolean exitsWithoutHeap;
  private final MemoryKills.Counts kills = MemoryKills.beforeStart();

  private Evidence(
      @Nullable String report, boolean isOurs, int descriptor, boolean exitsWithoutHeap) {
    this.report = report;
    this.isOurs = isOurs;
    this.descriptor = descriptor;
    this.exitsWithoutHeap = exitsWithoutHeap;
  }

  /// Lays it out. Whoever gets it calls [#close] once.
  ///
  /// @param flags all flags of the JVM that is to be started
  /// @param builder how it will be started
  static Evidence prepare(Session session, List<String> flags, ProcessBuilder builder)
      throws ErrnoException {
    boolean exits = false;
    String given = null;
    for (String flag : flags) {
      if (flag.endsWith(EXIT_FLAG)) {
        exits = flag.equals("-XX:+" + EXIT_FLAG);
      } else if (flag.startsWith(ERROR_FILE)) {
        given = flag.substring(ERROR_FILE.length());
      }
    }
    for (String variable : CarriedFlags.ENVIRONMENT) {
      String words = builder.environment().getOrDefault(variable, "");
      exits |= words.contains("-XX:+" + EXIT_FLAG);
      if (given == null && words.contains(ERROR_FILE)) {
        return new Evidence(null, false, NO_DESCRIPTOR, exits); // where: only that JVM knows
      }
    }
    if (given != null) {
      File folder = builder.directory();
      Path path = folder == null ? Path.of(given) : folder.toPath().resolve(given);
      return new Evidence(path.toString(), false, NO_DESCRIPTOR, exits);
    }
    Executable executable = Executable.used();
    if (executable != null && !executable.isJava()) {
      return new Evidence(null, false, NO_DESCRIPTOR, exits); // it takes no flags of ours
    }
    if (session.arenaPath().startsWith("/proc/")) {
      int descriptor = Posix.memfdCreate("procession-crash");
      String path = "/proc/" + ProcessHandle.current().pid() + "/fd/" + descriptor;
      return new Evidence(path, true, descriptor, exits);
    }
    String name = "crash-" + ProcessHandle.current().pid() + "-" + MADE.incrementAndGet();
    String path = Path.of(session.arenaPath()).resolveSibling(name).toString();
    return new Evidence(path, true, NO_DESCRIPTOR, exits);
  }

  /// The flags that the JVM needs for it, besides those it was prepared with.
  List<String> flags() {
    return isOurs ? List.of(ERROR_FILE + report) : List.of();
  }

  /// True if its JVM exits, with code 3, at the first [OutOfMemoryError].
  boolean exitsWithoutHeap() {
    return exitsWithoutHeap;
  }

  /// Whether want of memory explains its death by SIGKILL.
  MemoryKills.Verdict memoryKill() {
    return MemoryKills.explain(kills);
  }

  /// The crash report of the JVM, which has ended.
  CrashReport crashReport(long pid) {
    if (report == null) {
      return CrashReport.NONE;
    }
    String path = isOurs ? report : report.replace("%p", Long.toString(pid)).replace("%%", "%");
    if (!new File(path).isFile()) {
      return CrashReport.NONE; // what a user names may be a pipe, and block
    }
    try (FileInputStream in = new FileInputStream(path)) {
      byte[] head = in.readNBytes(MOST_BYTES);
      return CrashReport.of(new String(head, StandardCharsets.UTF_8), pid);
    } catch (IOException e) {
      return CrashReport.NONE;
    }
  }

  /// Removes what was laid out.
  void close() {
    try {
      if (descriptor != NO_DESCRIPTOR) {
        Posix.close(descriptor);
      } else if (isOurs && report != null) {
        Files.deleteIfExists(Path.of(report));
      }
    } catch (ErrnoException e) {
      throw new AssertionError(e);
    } catch (IOException e) {
      // it goes with the session's folder
    }
  }
}

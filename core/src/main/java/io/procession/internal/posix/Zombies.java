package io.procession.internal.posix;

import java.io.FileInputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/// Children of this process that have ended and that nobody has waited for.
public final class Zombies {
  private static final long WNOHANG = 1; // linux/wait.h
  private static final long PR_GET_CHILD_SUBREAPER = 37; // linux/prctl.h
  private static final int STAT_BYTES = 1024;
  private static final int PARENT = 4; // fields of /proc/<pid>/stat, from 1
  private static final int START_TIME = 22;

  private Zombies() {}

  /// True if the kernel makes other people's orphans children of this process: it is process 1 of its
  /// container, or was declared a subreaper.
  public static boolean areInherited() {
    if (Platform.current() != Platform.NATIVE) {
      return false;
    }
    if (ProcessHandle.current().pid() == 1) {
      return true;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(Syscall.ERRNO);
      MemorySegment flag = arena.allocate(ValueLayout.JAVA_INT);
      long result =
          Syscall.call(errno, Syscall.PRCTL, PR_GET_CHILD_SUBREAPER, flag.address(), 0, 0, 0, 0);
      return result == 0 && flag.get(ValueLayout.JAVA_INT, 0) != 0;
    }
  }

  /// Those that there are at this moment.
  public static Set<ProcessIdentity> now() {
    Set<ProcessIdentity> zombies = new HashSet<>();
    long self = ProcessHandle.current().pid();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        String[] fields = fields(process.resolve("stat"));
        if (fields.length > START_TIME - 3
            && fields[0].equals("Z")
            && Long.parseLong(fields[PARENT - 3]) == self) {
          zombies.add(
              new ProcessIdentity(
                  Long.parseLong(process.getFileName().toString()),
                  Long.parseLong(fields[START_TIME - 3])));
        }
      }
    } catch (IOException | DirectoryIteratorException | NumberFormatException e) {
      // no /proc, or none that we know: nothing is seen
    }
    return zombies;
  }

  /// Has the kernel forget one, if it is still there.
  public static void reap(ProcessIdentity zombie) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(Syscall.ERRNO);
      long _ = Syscall.call(errno, Syscall.WAIT4, zombie.pid(), 0, WNOHANG, 0, 0, 0);
    }
  }

  /// The fields from the third on: the second is the name in brackets and may hold anything.
  private static String[] fields(Path stat) {
    byte[] bytes = new byte[STAT_BYTES];
    int length;
    try (FileInputStream in = new FileInputStream(stat.toFile())) {
      length = in.read(bytes);
    } catch (IOException e) {
      return new String[0]; // it is gone
    }
    String text = new String(bytes, 0, Math.max(length, 0), StandardCharsets.ISO_8859_1);
    int name = text.lastIndexOf(')');
    return name < 0 ? new String[0] : text.substring(name + 1).strip().split(" ", -1);
  }
}

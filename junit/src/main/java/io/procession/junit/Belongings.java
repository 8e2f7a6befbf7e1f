package io.procession.junit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// What this JVM has at one moment that a test could leave behind. Everything has a name that tells it
/// from its like, so that two moments can be compared: for programs that look by themselves, as a soak test
/// does after each round.
///
/// @param processes its live descendants
/// @param files the library's files in shared and temporary memory, but for those of others
/// @param descriptors what is open, on Linux
/// @param threads non-daemon threads, and all of the library's that should end
public record Belongings(
    Set<ProcessHandle> processes, Set<String> files, Set<String> descriptors, Set<Thread> threads) {

  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  /// Beginnings of the names of threads that live until the JVM ends: JUnit's, and the library's own
  /// that serve the session.
  private static final List<String> LONG_LIVED =
      List.of("junit-jupiter-timeout-watcher", "procession-cleaner", "procession-log");

  /// What there is now.
  ///
  /// @return the belongings of this moment
  public static Belongings now() {
    return new Belongings(liveProcesses(), SessionFiles.now(), openDescriptors(), countedThreads());
  }

  /// What is here, was not there before, and may not stay.
  ///
  /// @param before what there was
  /// @return the names of it, each with the word for its kind
  public Set<String> beyond(Belongings before) {
    var beyond = new TreeSet<String>();
    for (ProcessHandle process : minus(processes, before.processes)) {
      beyond.add(named(process));
    }
    minus(files, before.files).forEach(file -> beyond.add("file " + file));
    minus(descriptors, before.descriptors).forEach(open -> beyond.add("descriptor " + open));
    for (Thread thread : minus(threads, before.threads)) {
      beyond.add((thread.isDaemon() ? "thread " : "non-daemon thread ") + thread.getName());
    }
    return beyond;
  }

  /// A process, as it is named among what was left.
  static String named(ProcessHandle process) {
    return "process " + process.pid() + ": " + process.info().commandLine().orElse("?");
  }

  private static <T> Set<T> minus(Set<T> all, Set<T> some) {
    var rest = new HashSet<>(all);
    rest.removeAll(some);
    return rest;
  }

  private static Set<ProcessHandle> liveProcesses() {
    var alive = new HashSet<ProcessHandle>();
    ProcessHandle.current().descendants().filter(ProcessHandle::isAlive).forEach(alive::add);
    return alive;
  }

  /// The open descriptors by number and target, without those that the JVM opens when it first
  /// needs them and keeps (jars, its modules, the random devices), and without the session's arena.
  private static Set<String> openDescriptors() {
    var open = new TreeSet<String>();
    if (!Files.isDirectory(DESCRIPTORS)) {
      return open;
    }
    var links = new ArrayList<Path>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(DESCRIPTORS)) {
      all.forEach(links::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    boolean arena = false;
    for (Path link : links) {
      try {
        String target = Files.readSymbolicLink(link).toString();
        if (!arena && target.equals("/memfd:procession (deleted)")) {
          arena = true;
        } else if (!isKeptByTheJvm(target) && !isHeldForTheSession(target)) {
          open.add(link.getFileName() + " -> " + target);
        }
      } catch (NoSuchFileException e) {
        // closed meanwhile; the listing's own descriptor is one of these
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return open;
  }

  /// The file by whose lock this JVM's session says that it lives, where the arena is a file.
  private static boolean isHeldForTheSession(String target) {
    return target.matches(".*/procession-" + ProcessHandle.current().pid() + "-[^/]*/alive");
  }

  private static boolean isKeptByTheJvm(String target) {
    return target.endsWith(".jar")
        || target.endsWith("/lib/modules")
        || target.equals("/dev/random")
        || target.equals("/dev/urandom");
  }

  private static Set<Thread> countedThreads() {
    var counted = new HashSet<Thread>();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      String name = thread.getName();
      boolean ours = name.startsWith("procession-");
      if ((ours || !thread.isDaemon()) && LONG_LIVED.stream().noneMatch(name::startsWith)) {
        counted.add(thread);
      }
    }
    return counted;
  }
}

package io.procession.testing;

import io.procession.internal.posix.ProcessIdentity;
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
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What this JVM has at one moment that a test could leave behind. Everything has a name that tells it
/// from its like, so that two moments can be compared.
public record Belongings(
    Set<ProcessHandle> processes, Set<String> files, Set<String> descriptors, Set<Thread> threads) {

  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  private static final Pattern SESSION_FOLDER = Pattern.compile("procession-(\\d+)-\\d+-\\d+");

  /// The name by which a session keeps shared memory: the namespace of pids, its first process's pid and
  /// start time, and more.
  private static final Pattern SESSION_MEMORY =
      Pattern.compile("procession-shm-\\d+-(\\d+)-(\\d+)-.*");

  /// First processes that were once seen alive and not among our descendants: what their sessions leave is
  /// none of ours, also when they have ended.
  private static final Set<String> STRANGERS = ConcurrentHashMap.newKeySet();

  /// Beginnings of the names of threads that live until the JVM ends: JUnit's, and the library's own
  /// that serve the session.
  private static final List<String> LONG_LIVED =
      List.of("junit-jupiter-timeout-watcher", "procession-cleaner");

  public static Belongings now() {
    return new Belongings(liveProcesses(), ourFiles(), openDescriptors(), countedThreads());
  }

  /// Returns what is here, was not there before, and may not stay, each with the word for its kind.
  public Set<String> beyond(Belongings before) {
    var beyond = new TreeSet<String>();
    for (ProcessHandle process : minus(processes, before.processes)) {
      String command = process.info().commandLine().orElse("?");
      beyond.add("process " + process.pid() + ": " + command);
    }
    minus(files, before.files).forEach(file -> beyond.add("file " + file));
    minus(descriptors, before.descriptors).forEach(open -> beyond.add("descriptor " + open));
    for (Thread thread : minus(threads, before.threads)) {
      beyond.add((thread.isDaemon() ? "thread " : "non-daemon thread ") + thread.getName());
    }
    return beyond;
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

  private static Set<String> ourFiles() {
    var names = new HashSet<String>();
    for (Path folder :
        List.of(Path.of("/dev/shm"), Path.of(System.getProperty("java.io.tmpdir")))) {
      if (Files.isDirectory(folder)) {
        try (DirectoryStream<Path> ours = Files.newDirectoryStream(folder, "procession*")) {
          ours.forEach(file -> {
            String name = file.getFileName().toString();
            if (!belongsToALiveSession(name) && !isMemoryOfStrangers(name)) {
              names.add(file.toString());
            }
          });
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    return names;
  }

  /// A session's folder is named for the process it lives with: this one, or another test run's.
  private static boolean belongsToALiveSession(String name) {
    Matcher folder = SESSION_FOLDER.matcher(name);
    return folder.matches()
        && ProcessHandle.of(Long.parseLong(folder.group(1)))
            .filter(owner -> owner.isAlive() && !liveProcesses().contains(owner))
            .isPresent();
  }

  /// True if the memory cannot be of a session that this JVM or a process begun by it has opened: such a
  /// session's first process is younger than this one, and its descendant as long as it lives.
  static boolean isMemoryOfStrangers(String name) {
    Matcher memory = SESSION_MEMORY.matcher(name);
    if (!memory.matches()) {
      return false;
    }
    ProcessIdentity self = ProcessIdentity.self();
    ProcessIdentity first =
        new ProcessIdentity(Long.parseLong(memory.group(1)), Long.parseLong(memory.group(2)));
    if (first.equals(self)) {
      return false;
    }
    String stranger = memory.group(1) + "-" + memory.group(2);
    if (first.startTime() < self.startTime() || STRANGERS.contains(stranger)) {
      return true;
    }
    boolean isOurs = liveProcesses().stream().anyMatch(process -> process.pid() == first.pid());
    if (first.isAlive() && !isOurs) {
      STRANGERS.add(stranger);
      return true;
    }
    return false;
  }

  /// Returns the open descriptors by number and target, without those that the JVM opens when it first
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

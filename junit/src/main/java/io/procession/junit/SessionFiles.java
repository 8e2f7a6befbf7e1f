package io.procession.junit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The files of the library in shared and temporary memory that may be this JVM's, or of a session begun by
/// it: those of other programs on the machine, and of other test runs, are told from them by their names.
final class SessionFiles {
  private static final Pattern SESSION_FOLDER = Pattern.compile("procession-(\\d+)-\\d+-\\d+");

  /// The name by which a session keeps shared memory: the namespace of pids, its first process's pid and
  /// start time, and more.
  private static final Pattern SESSION_MEMORY =
      Pattern.compile("procession-shm-\\d+-(\\d+)-(\\d+)-.*");

  /// First processes, and folders of such, that were once seen alive and not among our descendants: what their
  /// sessions leave is none of ours, also when they have ended.
  private static final Set<String> STRANGERS = ConcurrentHashMap.newKeySet();

  private SessionFiles() {}

  static Set<String> now() {
    Set<Long> descendants = liveDescendants();
    var names = new HashSet<String>();
    for (Path folder :
        List.of(Path.of("/dev/shm"), Path.of(System.getProperty("java.io.tmpdir")))) {
      if (Files.isDirectory(folder)) {
        try (DirectoryStream<Path> ours = Files.newDirectoryStream(folder, "procession*")) {
          ours.forEach(file -> {
            String name = file.getFileName().toString();
            if (!isOfAnotherSession(name, descendants) && !isMemoryOfStrangers(name)) {
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
  private static boolean isOfAnotherSession(String name, Set<Long> descendants) {
    Matcher folder = SESSION_FOLDER.matcher(name);
    if (!folder.matches() || STRANGERS.contains(name)) {
      return folder.matches();
    }
    boolean isAStrangers =
        ProcessHandle.of(Long.parseLong(folder.group(1)))
            .filter(owner -> owner.isAlive() && !descendants.contains(owner.pid()))
            .isPresent();
    if (isAStrangers && Long.parseLong(folder.group(1)) != ProcessHandle.current().pid()) {
      STRANGERS.add(name);
    }
    return isAStrangers;
  }

  /// True if the memory cannot be of a session that this JVM or a process begun by it has opened: such a
  /// session's first process is younger than this one, and its descendant as long as it lives.
  static boolean isMemoryOfStrangers(String name) {
    Matcher memory = SESSION_MEMORY.matcher(name);
    if (!memory.matches()) {
      return false;
    }
    long pid = Long.parseLong(memory.group(1));
    long startTime = Long.parseLong(memory.group(2));
    long self = ProcessHandle.current().pid();
    long selfStartTime = StartTime.of(self);
    if (pid == self && startTime == selfStartTime) {
      return false;
    }
    String stranger = pid + "-" + startTime;
    if (startTime < selfStartTime || STRANGERS.contains(stranger)) {
      return true;
    }
    if (StartTime.of(pid) == startTime && !liveDescendants().contains(pid)) {
      STRANGERS.add(stranger);
      return true;
    }
    return false;
  }

  private static Set<Long> liveDescendants() {
    return ProcessHandle.current()
        .descendants()
        .filter(ProcessHandle::isAlive)
        .map(ProcessHandle::pid)
        .collect(Collectors.toSet());
  }
}

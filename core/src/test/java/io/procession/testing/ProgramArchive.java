package io.procession.testing;

import io.procession.Procession;
import io.procession.manager.SyncManager;
import io.procession.pool.ProcessPool;
import io.procession.queue.SharedQueue;
import io.procession.sync.SharedLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentMap;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;

/// What the JVMs of [ChildJvm] start with: the classes of the JDK, of the library's jar and of AssertJ that a
/// program usually loads, in an archive of the JVM. A program needs a third less processor time with it.
///
/// Such an archive is for a class path that begins with the jars it was made of; folders of classes
/// come behind them. It is a matter of speed only: a JVM that cannot use it does without.
final class ProgramArchive {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final String NAME = "programs.jsa";

  private ProgramArchive() {}

  /// The flags for a program with this class path: none if there is no archive.
  static List<String> flags() {
    Path file = file();
    return file == null || !Files.exists(file)
        ? List.of()
        : List.of("-XX:SharedArchiveFile=" + file);
  }

  private static @Nullable Path file() {
    String folder = System.getProperty("procession.aot.folder");
    return folder == null ? null : Path.of(folder).resolve(NAME);
  }

  /// Entries of a class path in the order that an archive endures: jars, then folders.
  static List<String> order(List<String> entries) {
    var ordered = new ArrayList<String>();
    entries.stream().filter(ProgramArchive::isJar).forEach(ordered::add);
    entries.stream().filter(entry -> !isJar(entry)).forEach(ordered::add);
    return ordered;
  }

  private static boolean isJar(String entry) {
    return entry.endsWith(".jar");
  }

  /// Makes the archive, unless it is there: by a program that lists what it loads, and a JVM that reads the list.
  static void make(Path folder) throws IOException {
    Path archive = folder.resolve(NAME);
    if (Files.exists(archive)) {
      return;
    }
    Path list = Files.createTempFile(folder, "programs", ".list");
    Path made = folder.resolve(NAME + ".new");
    try {
      try (ChildJvm lister =
          ChildJvm.body(ProgramArchive::typical).flags("-XX:DumpLoadedClassList=" + list).start()) {
        lister.succeed(LIMIT);
      }
      try (ChildJvm dumper =
          ChildJvm.main(ProgramArchive.class)
              .jarsOnly()
              .flags(
                  "-Xshare:dump",
                  "-XX:SharedClassListFile=" + list,
                  "-XX:SharedArchiveFile=" + made,
                  "-Xlog:disable")
              .start()) {
        dumper.succeed(LIMIT);
      }
      Files.move(made, archive, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(list);
      Files.deleteIfExists(made);
    }
  }

  /// A little of all.
  private static void typical() throws Exception {
    try (SharedQueue<String> queue = Procession.queue();
        SharedLock lock = Procession.lock();
        SyncManager manager = Procession.manager();
        ProcessPool pool = Procession.pool(1)) {
      if (lock.tryLock()) {
        lock.unlock();
      }
      Procession.start("child", () -> queue.put("from " + ProcessHandle.current().pid())).join();
      Assertions.assertThat(queue.take()).startsWith("from ");
      Assertions.assertThat(pool.map(x -> x + 1, List.of(1, 2))).containsExactly(2, 3);
      ConcurrentMap<String, Integer> map = manager.map();
      map.put("a", 1);
      Assertions.assertThatIllegalArgumentException()
          .isThrownBy(() -> Procession.queue(-1))
          .withMessageContaining("capacity");
    }
  }
}

package io.procession.process;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import io.procession.Procession;
import io.procession.connection.Connection;
import io.procession.connection.Pipe;
import io.procession.context.Context;
import io.procession.internal.posix.Posix;
import io.procession.pool.ProcessPool;
import io.procession.testing.ChildJvm;
import io.procession.testing.Deadlines;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A cache makes children faster or does nothing.
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class AotCacheIT {
  /// Longer than what it waits for: training has what processor time others leave.
  private static final Duration TRAINED = Deadlines.LONG.multipliedBy(4);

  private static final int MAPPED = 0;
  private static final int NOT_MAPPED = 4;
  private static final int SIGABRT = 6;

  /// As a program has it that says nothing, whatever this test was told.
  private static final String MADE = "-Dprocession.aot=on";

  private static final FileAttribute<?> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  @TempDir static Path shared;
  private static Path jar;
  private static Path kept;
  private static Path folder;

  /// Our classes as users have them, and a cache that two programs wanted to train at once, both of which
  /// go on.
  @BeforeAll
  static void train() throws Exception {
    jar = jarOfOurClasses(shared.resolve("procession.jar"));
    folder = shared.resolve("caches");
    try (ChildJvm one = parent(folder).start();
        ChildJvm other = parent(folder).start()) {
      assertThat(one.join(TRAINED)).isIn(MAPPED, NOT_MAPPED);
      assertThat(other.join(TRAINED)).isIn(MAPPED, NOT_MAPPED);
    }
    kept = Files.createDirectory(shared.resolve("kept"));
    copy(cacheIn(folder), kept);
    copy(front(cacheIn(folder)), kept);
  }

  /// A cache is good for one folder only.
  @BeforeEach
  void restoreCache() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
    Files.createDirectory(folder, PRIVATE);
    copy(cacheIn(kept), folder);
    copy(front(cacheIn(kept)), folder);
  }

  private static void copy(Path file, Path folder) throws IOException {
    Files.copy(file, folder.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
  }

  /// A program that opens packages has a cache of its own; and one that finds another training tries again.
  @Test
  void cacheOfAnotherKeyIsTrainedLater() throws Exception {
    String opens = "--add-opens=java.base/java.lang=ALL-UNNAMED";
    assertThat(firstStartOf(parent(folder).flags(opens))).isEqualTo(NOT_MAPPED);
    Path caches = Files.createDirectory(folder.resolve("taken"), PRIVATE);
    try (ChildJvm parent =
        ChildJvm.body(
                () -> {
                  start(2);
                  await().atMost(Deadlines.LONG).until(() -> !isTraining());
                  System.out.println("gave way");
                  System.in.read();
                  start(6);
                  await().atMost(Deadlines.LONG.multipliedBy(3)).until(() -> hasCache(caches()));
                  System.exit(codeOf(JvmProcess.of(AotCacheIT::tellIfMapped)));
                })
            .classPathFirst(jar.toString())
            .flags(opens, MADE, "-Dprocession.aot.folder=" + caches)
            .start()) {
      try (FileChannel other =
          FileChannel.open(
              caches.resolve("training.lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE)) {
        assertThat(other.lock().isValid()).isTrue();
        parent.awaitLine("gave way");
        assertThat(hasCache(caches)).isFalse();
      }
      parent.send("");
      assertThat(parent.join(Deadlines.LONG.multipliedBy(3))).isEqualTo(MAPPED);
    }
  }

  private static void start(int processes) throws InterruptedException {
    for (int i = 0; i < processes; i++) {
      codeOf(JvmProcess.of(() -> {}));
    }
  }

  private static boolean isTraining() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals("procession-aot-training"));
  }

  @Test
  void cacheIsUsedFromTheFirstStartOfTheNextProgram() {
    assertThat(firstStartOf(parent(folder))).isEqualTo(MAPPED);
  }

  @Test
  void cacheServesChildrenOfChildren() {
    try (ChildJvm parent =
        ChildJvm.body(
                () -> {
                  JvmProcess process =
                      JvmProcess.of(() -> {
                        JvmProcess inner = JvmProcess.of(AotCacheIT::tellIfMapped);
                        inner.start();
                        inner.join();
                        System.exit(inner.exitCode().orElseThrow());
                      });
                  process.start();
                  process.join();
                  System.exit(process.exitCode().orElseThrow());
                })
            .classPathFirst(jar.toString())
            .flags(MADE, "-Dprocession.aot.folder=" + folder)
            .start()) {
      assertThat(parent.join()).isEqualTo(MAPPED);
    }
  }

  @Test
  void childrenLookForTheUsersClassesInNoJarOfOurs() throws IOException {
    try (ChildJvm parent =
        ChildJvm.body(
                () -> {
                  System.out.println("parent " + System.getProperty("java.class.path"));
                  JvmProcess process =
                      JvmProcess.of(() ->
                          System.out.println("child " + System.getProperty("java.class.path")));
                  process.start();
                  process.join();
                })
            .classPathFirst(jar.toString())
            .flags(MADE, "-Dprocession.aot.folder=" + folder)
            .start()) {
      String user = parent.awaitLine("parent " + jar + File.pathSeparator);
      assertThat(parent.awaitLine("child "))
          .isEqualTo(
              String.join(
                  File.pathSeparator, front(cacheIn(folder)).toString(), user, jar.toString()));
      parent.succeed();
    }
  }

  @Test
  void cacheWhoseFrontWasChangedIsDeleted() throws IOException {
    Files.setLastModifiedTime(front(cacheIn(folder)), FileTime.fromMillis(0));
    assertThat(firstStartOf(parent(folder))).isEqualTo(NOT_MAPPED);
    assertThat(folder.toFile().list()).noneMatch(name -> name.endsWith(".jsa"));
  }

  @Test
  void cacheIsNotUsedWhenTurnedOff() {
    assertThat(firstStartOf(parent(folder).flags("-Dprocession.aot=off"))).isEqualTo(NOT_MAPPED);
  }

  @Test
  void cacheThatIsThereIsUsedWhereNoneIsToBeMade() throws IOException {
    String found = "-Dprocession.aot=found";
    assertThat(firstStartOf(parent(folder).flags(found))).isEqualTo(MAPPED);
    Path none = folder.resolve("none");
    try (ChildJvm parent = trainingParent(none).flags(found).start()) {
      parent.awaitLine("started two, training false");
      parent.send("");
      parent.succeed();
    }
    assertThat(none.toFile().list()).isEmpty();
  }

  @Test
  void cacheThatOthersCouldHaveWrittenIsNotUsed() throws IOException {
    Path cache = cacheIn(folder);
    Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rw-rw-rw-"));
    assertThat(firstStartOf(parent(folder))).isEqualTo(NOT_MAPPED);
    Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rw-------"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThat(firstStartOf(parent(folder))).isEqualTo(NOT_MAPPED);
  }

  @Test
  void damagedCacheIsDeleted() throws IOException {
    Path cache = cacheIn(folder);
    byte[] bytes = Files.readAllBytes(cache);
    Files.write(cache, Arrays.copyOf(bytes, bytes.length / 2));
    assertThat(firstStartOf(parent(folder))).isEqualTo(NOT_MAPPED);
    assertThat(cache).doesNotExist();
  }

  @Test
  void cacheOfAnotherJvmIsIgnored() throws IOException {
    publishInstead("no cache at all".getBytes(US_ASCII));
    assertThat(firstStartOf(parent(folder))).isEqualTo(NOT_MAPPED);
  }

  @Test
  void cacheOfAJarThatWasReplacedIsNotUsed() throws IOException {
    FileTime before = Files.getLastModifiedTime(jar);
    try {
      Files.setLastModifiedTime(jar, FileTime.from(before.toInstant().plusSeconds(2)));
      assertThat(firstStartOf(parent(folder))).isEqualTo(NOT_MAPPED);
    } finally {
      Files.setLastModifiedTime(jar, before);
    }
    assertThat(firstStartOf(parent(folder))).as("and back again").isEqualTo(MAPPED);
  }

  @Test
  void cacheOfAnotherUserIsNotUsed() throws IOException {
    try {
      Files.setAttribute(cacheIn(folder), "unix:uid", 1);
    } catch (FileSystemException e) {
      abort("only root can give a file away");
    }
    assertThat(firstStartOf(parent(folder))).isEqualTo(NOT_MAPPED);
  }

  /// Where nobody can write, not even root; and one that is no path at all.
  @ParameterizedTest
  @ValueSource(strings = {"/proc", "/home/j\0rgen"})
  void homeThatCannotBeWrittenIsDoneWithout(String home) {
    for (String caches : List.of("", "/proc")) {
      try (ChildJvm parent =
          ChildJvm.body(
                  () -> {
                    System.clearProperty("procession.aot.folder");
                    System.setProperty("user.home", home);
                    assertThat(codeOf(JvmProcess.of(() -> {}))).isZero();
                    assertThat(codeOf(JvmProcess.of(() -> {}))).isZero();
                  })
              .classPathFirst(jar.toString())
              .flags(MADE)
              .environment("XDG_CACHE_HOME", caches)
              .start()) {
        parent.succeed();
        assertThat(parent.err()).isEmpty();
      }
    }
  }

  @Test
  void whoTrainsHoldsNoStartUp() throws IOException {
    Files.delete(cacheIn(folder));
    Path lock = folder.resolve("training.lock");
    try (FileChannel training =
            FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock held = training.lock();
        ChildJvm parent = trainingParent(folder).start()) {
      assertThat(held.isValid()).isTrue();
      parent.awaitLine("started two");
      parent.send("");
      parent.succeed();
    }
    assertThat(folder.toFile().list()).noneMatch(name -> name.endsWith(".jsa"));
  }

  /// Each is started once more without the cache, and does all that was asked of it meanwhile.
  @Test
  void childThatDiesOfItsCacheIsStartedWithout() throws Exception {
    breakCache();
    try (ChildJvm parent =
        ChildJvm.body(
                () -> {
                  List<String> lines = new CopyOnWriteArrayList<>();
                  Pipe pipe = Procession.pipe();
                  Connection end = pipe.second();
                  JvmProcess process =
                      JvmProcess.of(
                          LaunchOptions.defaults()
                              .withOutput(Output.lines(l -> lines.add(l.text()))),
                          () -> {
                            System.out.println("interrupted " + Thread.interrupted());
                            end.send("from the second");
                          });
                  process.start();
                  long first = process.pid();
                  process.interrupt();
                  end.close(); // the child alone has it now
                  System.out.println("received " + pipe.first().recv());
                  process.join();
                  System.out.println("output " + lines.getLast());
                  System.out.println("another " + (process.pid() != first));
                  System.out.println(process.certificate().orElseThrow().sentence());
                })
            .classPathFirst(jar.toString())
            .flags(MADE, "-Dprocession.aot.folder=" + folder)
            .start()) {
      parent.awaitLine("received from the second");
      parent.awaitLine("output interrupted true");
      parent.awaitLine("another true");
      parent.succeed();
      assertThat(parent.err()).contains("did not come up with its archive of classes");
    }
    assertThat(folder.toFile().list()).noneMatch(name -> name.endsWith(".jsa"));
  }

  @Test
  void workersThatDieOfTheirCacheAreStartedWithout() throws Exception {
    breakCache();
    try (ChildJvm parent =
        ChildJvm.body(
                () -> {
                  try (ProcessPool pool = Procession.pool(2)) {
                    System.out.println(pool.map(x -> x * x, List.of(1, 2, 3)));
                  }
                })
            .classPathFirst(jar.toString())
            .flags(MADE, "-Dprocession.aot.folder=" + folder)
            .start()) {
      parent.awaitLine("[1, 4, 9]");
      parent.succeed();
    }
  }

  /// It is somebody's before it has prepared itself, so what it dies of is not known to be another's doing.
  @Test
  void spareThatDiesOfItsCacheInThePreparationIsStartedWithout() {
    try (ChildJvm parent =
        ChildJvm.body(
                () -> {
                  Context.forkserver().setForkserverPreload(CrashesWithACache.class);
                  ForkserverIT.warmUp(LaunchOptions.defaults());
                  // none waits for more than ten seconds in its preparation
                  await()
                      .pollInterval(Duration.ofMillis(10))
                      .atMost(TRAINED)
                      .until(() ->
                          ForkserverIT.spares().stream().anyMatch(it -> Files.exists(waits(it))));
                  JvmProcess process =
                      ForkserverIT.start(
                          LaunchOptions.defaults(),
                          () -> System.out.println("interrupted " + Thread.interrupted()));
                  long first = process.pid();
                  process.interrupt();
                  await()
                      .pollInterval(Duration.ofMillis(10))
                      .atMost(Deadlines.LONG)
                      .until(() -> Files.exists(waits(first)));
                  Files.delete(waits(first));
                  process.join();
                  System.out.println("another " + (process.pid() != first));
                  System.out.println(process.certificate().orElseThrow().sentence());
                  assertThat(process.exitCode()).hasValue(0);
                })
            .classPathFirst(jar.toString())
            .flags(
                MADE,
                "-Dprocession.aot.folder=" + folder,
                "-Dprocession.forkserver.idle.millis=60000")
            .start()) {
      parent.awaitLine("interrupted true");
      parent.awaitLine("another true");
      parent.succeed();
      assertThat(parent.err()).contains("did not come up with its archive of classes");
    }
    assertThat(folder.toFile().list()).noneMatch(name -> name.endsWith(".jsa"));
  }

  private static Path waits(long pid) {
    return caches().resolveSibling("waits-" + pid);
  }

  /// Once told to, by the end of a file that it has made.
  static final class CrashesWithACache {
    static {
      try {
        if (isMapped()) {
          long pid = ProcessHandle.current().pid();
          Posix.kill(pid, 0); // so that the second call does not take long
          Path waits = Files.createFile(waits(pid));
          while (Files.exists(waits)) {
            LockSupport.parkNanos(1_000_000);
          }
          Posix.kill(pid, SIGABRT);
          while (true) {
            LockSupport.park(); // another thread may be the one that dies of it, some time later
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private CrashesWithACache() {}
  }

  private void breakCache() throws IOException {
    byte[] bytes = Files.readAllBytes(cacheIn(folder));
    Arrays.fill(bytes, bytes.length / 16, 15 * bytes.length / 16, (byte) 0);
    publishInstead(bytes);
  }

  @Test
  void flagsThatNoCacheEnduresDoWithout() {
    assertThat(firstStartOf(parent(folder).flags("--limit-modules=java.base,java.management")))
        .isEqualTo(NOT_MAPPED);
    assertThat(firstStartOf(parent(folder).environment("JAVA_TOOL_OPTIONS", "-Xmx300m")))
        .isEqualTo(NOT_MAPPED);
  }

  @Test
  void folderThatCannotBeMadeIsDoneWithout() throws IOException {
    Path file = Files.createFile(folder.resolve("a-file"));
    assertThat(firstStartOf(parent(file.resolve("caches")))).isEqualTo(NOT_MAPPED);
  }

  @Test
  void killedParentTakesItsTrainingAlong() throws Exception {
    Path caches = folder.resolve("killed");
    for (int step = 0; step < 2; step++) {
      try (ChildJvm parent = trainingParent(caches).start()) {
        parent.awaitLine("started two");
        if (step > 0) {
          await().atMost(TRAINED).until(() -> runs(caches, "-Xshare:dump"));
        }
        parent.kill();
        parent.join();
        awaitNobody(parent, caches);
      }
    }
  }

  @Test
  void endOfTheParentEndsItsTraining() throws Exception {
    Path caches = folder.resolve("ended");
    for (int step = 0; step < 2; step++) {
      try (ChildJvm parent = trainingParent(caches).start()) {
        parent.awaitLine("started two");
        if (step > 0) {
          await().atMost(TRAINED).until(() -> runs(caches, "-Xshare:dump"));
        }
        parent.send("");
        parent.succeed();
        awaitNobody(parent, caches);
        assertThat(caches.toFile().list()).noneMatch(name -> name.endsWith(".none"));
      }
    }
  }

  /// A program whose code it is: 0 as soon as a child has mapped a cache; it starts up to three, and
  /// waits for the training before the third.
  private static ChildJvm.Builder parent(Path caches) {
    return ChildJvm.body(
            () -> {
              boolean first = Boolean.getBoolean("first");
              int code = codeOf(JvmProcess.of(AotCacheIT::tellIfMapped));
              if (!first && code == NOT_MAPPED) {
                codeOf(JvmProcess.of(() -> {}));
                await().atMost(Deadlines.LONG.multipliedBy(3)).until(() -> hasCache(caches()));
                code = codeOf(JvmProcess.of(AotCacheIT::tellIfMapped));
              }
              System.exit(code);
            })
        .classPathFirst(jar.toString())
        .flags(MADE, "-Dprocession.aot.folder=" + caches);
  }

  private static int firstStartOf(ChildJvm.Builder parent) {
    try (ChildJvm started = parent.flags("-Dfirst=true").start()) {
      return started.join();
    }
  }

  private static ChildJvm.Builder trainingParent(Path caches) {
    return ChildJvm.body(
            () -> {
              codeOf(JvmProcess.of(() -> {}));
              codeOf(JvmProcess.of(() -> {}));
              System.out.println("started two, training " + isTraining());
              System.in.read();
            })
        .classPathFirst(jar.toString())
        .flags(MADE, "-Dprocession.aot.folder=" + caches);
  }

  private static void awaitNobody(ChildJvm parent, Path caches) {
    await()
        .atMost(Deadlines.LONG)
        .untilAsserted(() -> {
          assertThat(Descendants.of(parent.pid())).isEmpty();
          assertThat(runs(caches, "java")).isFalse();
        });
  }

  private static Path caches() {
    return Path.of(System.getProperty("procession.aot.folder"));
  }

  private static int codeOf(JvmProcess process) throws InterruptedException {
    process.start();
    process.join();
    return process.exitCode().orElseThrow();
  }

  private static void tellIfMapped() throws IOException {
    System.exit(isMapped() ? MAPPED : NOT_MAPPED);
  }

  private static boolean isMapped() throws IOException {
    return Files.readString(Path.of("/proc/self/maps")).contains(caches() + "/");
  }

  private void publishInstead(byte[] bytes) throws IOException {
    Path cache = cacheIn(folder);
    String key = cache.getFileName().toString().substring(0, 16);
    Files.write(cache, bytes);
    CacheFolder caches = new CacheFolder(folder, 0);
    caches.publish(key, cache);
  }

  private static Path cacheIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".jsa")).findFirst().orElseThrow();
    }
  }

  private static Path front(Path cache) {
    return cache.resolveSibling(cache.getFileName().toString().substring(0, 16) + ".jar");
  }

  private static boolean hasCache(Path folder) throws IOException {
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*.jsa")) {
      return found.iterator().hasNext();
    }
  }

  /// True if a process runs with both texts on its command line.
  private static boolean runs(Path caches, String text) throws IOException {
    List<String> commands = new ArrayList<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        commands.add(Descendants.command(process));
      }
    }
    return commands.stream()
        .anyMatch(command -> command.contains(caches + "/") && command.contains(text));
  }

  private static Path jarOfOurClasses(Path file) throws Exception {
    Path classes =
        Path.of(JvmProcess.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    if (Files.isRegularFile(classes)) {
      return Files.copy(classes, file);
    }
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(file));
        Stream<Path> all = Files.walk(classes)) {
      for (Path each : all.filter(Files::isRegularFile).toList()) {
        String name = classes.relativize(each).toString().replace(File.separatorChar, '/');
        out.putNextEntry(new JarEntry(name));
        Files.copy(each, out);
      }
    }
    return file;
  }
}

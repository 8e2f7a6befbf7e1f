package io.procession.process;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.procession.testing.ChildJvm;
import io.procession.testing.Deadlines;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A cache makes children faster or does nothing.
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class AotCacheIT {
  private static final int MAPPED = 0;
  private static final int NOT_MAPPED = 4;

  @TempDir static Path shared;
  private static Path jar;
  private static Path trained;

  @TempDir Path folder;

  /// Our classes as users have them, and a cache that was trained by a program that ran for a while.
  @BeforeAll
  static void train() throws Exception {
    jar = jarOfOurClasses(shared.resolve("procession.jar"));
    Path folder = shared.resolve("caches");
    try (ChildJvm parent = parent(folder).start()) {
      parent.succeed();
    }
    trained = cacheIn(folder);
  }

  @BeforeEach
  void copyCache() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    Files.copy(trained, folder.resolve(trained.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
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
            .flags("-Dprocession.aot.folder=" + folder)
            .start()) {
      assertThat(parent.join()).isEqualTo(MAPPED);
    }
  }

  @Test
  void cacheIsNotUsedWhenTurnedOff() {
    assertThat(firstStartOf(parent(folder).flags("-Dprocession.aot=off"))).isEqualTo(NOT_MAPPED);
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
  void cacheThatKillsAChildKillsOneOnly() throws IOException {
    byte[] bytes = Files.readAllBytes(cacheIn(folder));
    Arrays.fill(bytes, bytes.length / 3, 2 * bytes.length / 3, (byte) 0);
    publishInstead(bytes);
    try (ChildJvm parent =
        ChildJvm.body(
                () -> {
                  JvmProcess first = JvmProcess.of(() -> {});
                  first.start();
                  first.join();
                  JvmProcess second = JvmProcess.of(() -> {});
                  second.start();
                  second.join();
                  System.exit(second.exitCode().orElseThrow());
                })
            .classPathFirst(jar.toString())
            .flags("-XX:ErrorFile=" + shared.resolve("%p.log"))
            .flags("-Dprocession.aot.folder=" + folder)
            .start()) {
      parent.succeed();
    }
  }

  @Test
  void flagsThatNoCacheEnduresDoWithout() {
    assertThat(firstStartOf(parent(folder).flags("--limit-modules=java.base,java.management")))
        .isEqualTo(NOT_MAPPED);
    assertThat(firstStartOf(parent(folder).environment("JAVA_TOOL_OPTIONS", "-Xmx300m")))
        .isEqualTo(NOT_MAPPED);
  }

  @Test
  void programThatOpensPackagesHasACacheOfItsOwn() throws Exception {
    String opens = "--add-opens=java.base/java.lang=ALL-UNNAMED";
    assertThat(firstStartOf(parent(folder).flags(opens))).isEqualTo(NOT_MAPPED);
    Path caches = folder.resolve("opening");
    try (ChildJvm parent = parent(caches).flags(opens).start()) {
      parent.succeed();
    }
  }

  @Test
  void folderThatCannotBeMadeIsDoneWithout() throws IOException {
    Path file = Files.createFile(folder.resolve("a-file"));
    assertThat(firstStartOf(parent(file.resolve("caches")))).isEqualTo(NOT_MAPPED);
  }

  @Test
  void killedParentTakesItsTrainingAlong() throws Exception {
    Path caches = folder.resolve("killed");
    for (int step = 0; step < 3; step++) {
      try (ChildJvm parent = trainingParent(caches).start()) {
        parent.awaitLine("started two");
        if (step > 0) {
          await().atMost(Deadlines.LONG).until(() -> runs(caches, "-Xshare:dump"));
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
          await().atMost(Deadlines.LONG).until(() -> runs(caches, "-Xshare:dump"));
        }
        parent.send("");
        parent.succeed();
        awaitNobody(parent, caches);
        assertThat(caches.toFile().list()).noneMatch(name -> name.endsWith(".none"));
      }
    }
  }

  @Test
  void twoProgramsThatTrainAtOnceBothGoOn() throws Exception {
    Path caches = folder.resolve("both");
    try (ChildJvm one = parent(caches).start();
        ChildJvm other = parent(caches).start()) {
      assertThat(one.join()).isIn(MAPPED, NOT_MAPPED);
      assertThat(other.join()).isIn(MAPPED, NOT_MAPPED);
    }
    assertThat(cacheIn(caches)).exists();
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
        .flags("-Dprocession.aot.folder=" + caches);
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
              System.out.println("started two");
              System.in.read();
            })
        .classPathFirst(jar.toString())
        .flags("-Dprocession.aot.folder=" + caches);
  }

  private static void awaitNobody(ChildJvm parent, Path caches) {
    await()
        .atMost(Deadlines.MEDIUM)
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
    boolean mapped = Files.readString(Path.of("/proc/self/maps")).contains(caches() + "/");
    System.exit(mapped ? MAPPED : NOT_MAPPED);
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

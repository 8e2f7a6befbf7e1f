package io.procession;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.procession.testing.ChildJvm;
import io.procession.testing.Programs;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.loader.launch.JarLauncher;

/// Programs that are packed up whole, and have nothing that a child's `java` could be pointed at.
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class PackagedIT {
  private static final String NATIVE = "--enable-native-access=ALL-UNNAMED";

  private static final String PROGRAM =
      """
      package app;

      import io.procession.Procession;
      import io.procession.process.JvmProcess;
      import io.procession.process.LaunchOptions;
      import io.procession.queue.SharedQueue;
      import java.io.Serializable;
      import java.nio.file.Path;
      import java.util.List;

      public class Main {
        record Thing(int x) implements Serializable {}

        public static void main(String[] args) throws Exception {
          if (!List.of(args).contains("never")) {
            Procession.freezeSupport(args);
          }
          if (List.of(args).contains("stop")) {
            stop();
            return;
          }
          System.out.println("main " + List.of(args));
          SharedQueue<Object> queue = Procession.queue();
          String word = args[0];
          var process =
              Procession.start(
                  () -> {
                    queue.put(new Thing(word.length()));
                    new Thread(() -> end(queue)).start();
                  });
          process.join();
          System.out.println(queue.take() + ", " + queue.take() + process.exitCode().getAsInt());
          try (var pool = Procession.pool(1)) {
            System.out.println(pool.map(x -> new Thing(x * x), List.of(1, 2, 3)));
          }
          options(word);
        }

        /// What is asked for one process, whose JVM no command line of ours begins.
        private static void options(String word) throws Exception {
          SharedQueue<String> found = Procession.queue();
          var options =
              LaunchOptions.defaults()
                  .withJvmFlags("-Xss768k")
                  .withMaxHeap(40 << 20)
                  .withSystemProperty("word", word)
                  .withEnvironment("mood", "quite good")
                  .withWorkingFolder(Path.of("/"));
          JvmProcess process =
              JvmProcess.of(
                  options,
                  () -> {
                    String folder = Path.of("").toAbsolutePath().toString();
                    long heap = Runtime.getRuntime().maxMemory() >> 20;
                    found.put(System.getProperty("word") + ", " + System.getenv("mood"));
                    found.put("in " + folder + ", at most 40 MB: " + (heap > 30 && heap <= 40));
                    var flags = java.lang.management.ManagementFactory.getRuntimeMXBean();
                    found.put("flag: " + flags.getInputArguments().contains("-Xss768k"));
                  });
          process.start();
          process.join();
          System.out.println(found.take() + "; " + found.take() + "; " + found.take());
        }

        /// Who goes when asked does not take the grace of two seconds, as who does not hear. A busy machine may
        /// take that long for the ends of two JVMs: then it is tried again.
        private static void stop() throws Exception {
          boolean lives = false;
          for (int i = 0; i < 10 && !lives; i++) {
            lives = stopAll();
          }
          System.out.println("deaf lives: " + lives);
        }

        private static boolean stopAll() throws Exception {
          SharedQueue<String> begun = Procession.queue();
          var deaf =
              Procession.start(
                  () -> {
                    begun.put("deaf");
                    while (true) {
                      try {
                        Thread.sleep(100_000);
                      } catch (InterruptedException e) {
                        // it does not hear
                      }
                    }
                  });
          var first = waiting(begun);
          var second = waiting(begun);
          for (int i = 0; i < 3; i++) {
            begun.take();
          }
          deaf.stop();
          first.stop();
          first.join();
          second.stop();
          second.join();
          boolean lives = deaf.isAlive();
          deaf.join();
          for (JvmProcess each : List.of(first, second, deaf)) {
            if (!each.toString().endsWith(", stopped[SIGTERM]]")) {
              throw new IllegalStateException(each.toString());
            }
          }
          return lives;
        }

        private static JvmProcess waiting(SharedQueue<String> begun) {
          return Procession.start(
              () -> {
                begun.put("waiting");
                Procession.event().await();
              });
        }

        /// Run in a thread that outlives the task.
        private static void end(SharedQueue<Object> queue) {
          try {
            Thread.currentThread().join(200);
            queue.put("and exit code ");
            System.exit(7);
          } catch (InterruptedException e) {
            System.exit(8);
          }
        }
      }
      """;

  private static final String SAYS =
      """
      main [two words]
      Thing[x=9], and exit code 7
      [Thing[x=1], Thing[x=4], Thing[x=9]]
      two words, quite good; in /, at most 40 MB: true; flag: true
      """;

  @TempDir Path folder;

  private Path classes;
  private Path library;

  @BeforeEach
  void compile() throws IOException {
    classes = Programs.compile(folder, "app/Main.java", PROGRAM);
    library = Files.createDirectories(folder.resolve("library"));
    unpack(Path.of(Programs.place(Procession.class)), library);
  }

  @Test
  void oneJarOfAllClasses() throws Exception {
    assertThat(Programs.run(folder, Programs.java("-jar", shaded().toString(), "two words")))
        .isEqualTo(SAYS);
  }

  @Test
  void aStopTakesNoLongerThanTheTask() throws Exception {
    assertThat(Programs.run(folder, Programs.java("-jar", boot().toString(), "stop")))
        .isEqualTo(
            """
            deaf lives: true
            """);
  }

  @Test
  void aJarWithJarsInIt() throws Exception {
    Path jar = boot();

    assertThat(Programs.run(folder, Programs.java("-jar", jar.toString(), "two words")))
        .isEqualTo(SAYS);
    assertThat(Programs.run(folder, 1, "", Programs.java("-jar", jar.toString(), "never")))
        .contains("location=jar:nested:", "call Procession.freezeSupport(args) first in main");
  }

  @Test
  void imagesWithoutJava() throws Exception {
    Path image = folder.resolve("image");
    Programs.tool(
        "jlink", "--add-modules", "java.base,java.management", "--output", image.toString());
    Path java = image.resolve("bin/java");
    assumeThat(java).as("jlink makes images as they are known here").isExecutable();
    Path hello = Files.move(java, image.resolve("bin/hello"));
    String[] command = {hello.toString(), NATIVE, "-cp", shaded().toString(), "app.Main", ""};
    assertThat(Programs.run(folder, with(command, "two words"))).isEqualTo(SAYS);
    assertThat(Programs.run(folder, 1, "", with(command, "never")))
        .contains("no java command", "call Procession.freezeSupport(args) first in main");

    Path input = Files.createDirectories(folder.resolve("input"));
    Files.copy(shaded(), input.resolve("app.jar"));
    Path images = folder.resolve("images");
    String jpackage = Programs.command("jpackage");
    List<String> what = List.of("--type", "app-image", "--name", "my app", "--main-jar", "app.jar");
    List<String> how = List.of("--runtime-image", image.toString(), "--java-options", NATIVE);
    List<String> where = List.of("--input", input.toString(), "--dest", images.toString());
    String _ =
        Programs.run(
            folder,
            Stream.of(List.of(jpackage), what, how, where)
                .flatMap(List::stream)
                .toArray(String[]::new));
    String packed = images.resolve("my app/bin/my app").toString();
    assertThat(Programs.run(folder, packed, "two words")).isEqualTo(SAYS);
    assertThat(Programs.run(folder, 1, "", packed, "never"))
        .contains("call Procession.freezeSupport(args) first in main");
  }

  /// A jar whose launcher finds jars in it.
  private Path boot() throws Exception {
    Path boot = folder.resolve("boot");
    Path content = Files.createDirectories(boot.resolve("BOOT-INF/lib"));
    unpack(Path.of(Programs.place(JarLauncher.class)), boot);
    unpack(classes, boot.resolve("BOOT-INF/classes"));
    jar(content.resolve("procession.jar"), "--no-manifest", library);
    Path manifest =
        Files.writeString(
            folder.resolve("manifest"),
            """
            Main-Class: %s
            Start-Class: app.Main
            Spring-Boot-Classes: BOOT-INF/classes/
            Spring-Boot-Lib: BOOT-INF/lib/
            """
                .formatted(JarLauncher.class.getName()));
    Path jar = folder.resolve("my boot.jar");
    jar(jar, "--manifest=" + manifest, boot);
    return jar;
  }

  /// A child whose main does not come to freezeSupport must not start children in its turn.
  @Test
  void aProgramThatDoesNotServeAsItsChildSaysSoThere() throws Exception {
    String[] command = Programs.java("-cp", shaded().toString(), "app.Main");
    String[] child = {"--procession-child", "never", "1", "2", "3", "4", "5", "6"};
    String[] all = Stream.of(command, child).flatMap(Stream::of).toArray(String[]::new);
    assertThat(Programs.run(folder, 1, "", all))
        .contains("was started to serve as a child", "call it first in main");
  }

  @Test
  void itIsCalledOnceAndFirst() {
    try (ChildJvm early =
            ChildJvm.body(
                    () -> {
                      Procession.freezeSupport(new String[] {"word"});
                      assertThatStateIsRefused("was called before");
                      Procession.lock().destroy();
                    })
                .start();
        ChildJvm late =
            ChildJvm.body(
                    () -> {
                      Procession.lock().destroy();
                      assertThatStateIsRefused("too late");
                    })
                .start()) {
      early.succeed();
      late.succeed();
    }
  }

  private static void assertThatStateIsRefused(String why) {
    assertThatIllegalStateException()
        .isThrownBy(() -> Procession.freezeSupport(new String[0]))
        .withMessageContaining(why);
  }

  private static String[] with(String[] command, String last) {
    String[] copy = command.clone();
    copy[copy.length - 1] = last;
    return copy;
  }

  private Path shaded() throws IOException {
    Path jar = folder.resolve("shaded.jar");
    if (!Files.exists(jar)) {
      Path all = folder.resolve("all");
      unpack(library, all);
      unpack(classes, all);
      jar(jar, "--main-class=app.Main", all);
    }
    return jar;
  }

  private static void jar(Path jar, String option, Path content) {
    Programs.tool(
        "jar", "--create", "--no-compress", "--file=" + jar, option, "-C", content + "", ".");
  }

  private static void unpack(Path place, Path target) throws IOException {
    if (Files.isDirectory(place)) {
      copy(place, target);
      return;
    }
    try (FileSystem jar = FileSystems.newFileSystem(place)) {
      copy(jar.getPath("/"), target);
    }
  }

  private static void copy(Path from, Path target) throws IOException {
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        Path to = target.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(to);
        } else if (!path.endsWith("MANIFEST.MF")) {
          Files.copy(path, to, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }
}

package io.procession.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.procession.testing.Programs;
import java.io.File;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Tasks that have failed run again in one JVM.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ReproduceIT {
  private static final Pattern FILE = Pattern.compile("reproducer=([^;]+)");

  @TempDir static Path folder;

  private static ProcessPool pool;

  @BeforeAll
  static void open() {
    pool =
        ProcessPool.open(
            PoolOptions.defaults().withProcesses(1).withReproducers(folder.resolve("failed")));
  }

  @AfterAll
  static void close() {
    pool.close();
  }

  private static Path file(Throwable failure) {
    assertThat(failure).isInstanceOf(TaskException.class);
    Matcher matcher = FILE.matcher(failure.getMessage());
    assertThat(matcher.find()).isTrue();
    return Path.of(matcher.group(1));
  }

  private static int divide(int by) {
    return 12 / (by - Task.current().attempt());
  }

  @Test
  void callRunsAgain() throws IOException {
    int offset = 3;
    Path file =
        file(
            catchThrowable(() ->
                pool.apply(() -> {
                  throw new IOException("offset " + offset);
                })));

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
        .isEqualTo("rwx------");
    assertThatThrownBy(() -> Reproduce.main(new String[] {file.toString()}))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("offset 3");
  }

  @Test
  void elementOfAChunkRunsAgain() {
    Path first = file(catchThrowable(() -> pool.map(ReproduceIT::divide, List.of(3, 2, 1, 4), 4)));
    var each = pool.imap(ReproduceIT::divide, List.of(2, 1, 5), 3);
    assertThat(each.next()).isEqualTo(12);
    Path second = file(catchThrowable(each::next));
    assertThat(each.next()).isEqualTo(3);

    for (Path file : List.of(first, second)) {
      assertThatThrownBy(() -> Reproduce.main(new String[] {file.toString()}))
          .isExactlyInstanceOf(ArithmeticException.class)
          .hasStackTraceContaining("ReproduceIT.divide");
    }
    var singly = pool.imap(ReproduceIT::divide, List.of(2, 3, 1), 1);
    assertThat(singly.next()).isEqualTo(12);
    assertThat(singly.next()).isEqualTo(6);
    Path third = file(catchThrowable(singly::next));
    assertThat(third.getFileName().toString()).contains("-element-2-"); // of all, not of its chunk
  }

  private static int die(int code) {
    Runtime.getRuntime().halt(code);
    return code;
  }

  @Test
  void taskThatKilledItsWorkerIsSaved() throws IOException {
    AsyncResult<Integer> result =
        pool.applyAsync(TaskOptions.defaults().withName("deadly"), ReproduceIT::die, 4);
    Path file = file(result.handle((_, e) -> e).join());

    assertThat(new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1))
        .startsWith(Reproducers.MAGIC + "\n")
        .contains("\nname=deadly\n")
        .contains("\nfolder=" + System.getProperty("user.dir") + "\n")
        .containsPattern("\nclassPath=(/[^:\n]+:?)+\n")
        .contains("\nfailure=io.procession.pool.WorkerDiedException")
        .contains("io.procession.pool.Reproduce " + file);
  }

  @Test
  void runsInAJvmOfItsOwn() throws Exception {
    byte[] large = new byte[100_000];
    Path file =
        file(
            catchThrowable(() ->
                pool.apply(
                    bytes -> {
                      throw new IllegalStateException("of " + bytes.length + " bytes");
                    },
                    large)));
    String said = Programs.run(folder, 1, "", reproduce(file));
    assertThat(said)
        .contains("java.lang.IllegalStateException: of 100000 bytes")
        .contains("at io.procession.pool.ReproduceIT.");
  }

  /// As its first lines say.
  private static String[] reproduce(Path file) throws IOException {
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    Matcher paths = Pattern.compile("\nclassPath=(.+)\n").matcher(text);
    assertThat(paths.find()).isTrue();
    assertThat(text).contains("\ncommand=java -cp CLASS_PATH io.procession.pool.Reproduce " + file);
    return Programs.java("-cp", paths.group(1), Reproduce.class.getName(), file.toString());
  }

  @Test
  void taskOfAModuleRunsAgain(@TempDir Path own) throws Exception {
    Path sources = Files.createDirectories(own.resolve("src/hello"));
    Path descriptor = Files.writeString(sources.resolveSibling("module-info.java"), MODULE);
    Path program = Files.writeString(sources.resolve("Main.java"), MODULE_PROGRAM);
    String classes = own.resolve("classes").toString();
    String modules =
        Programs.place(ProcessPool.class) + File.pathSeparator + Programs.place(NullMarked.class);
    Programs.tool("javac", "-p", modules, "-d", classes, "" + descriptor, "" + program);
    modules += File.pathSeparator + classes;
    String[] command = Programs.java("-p", modules, "-m", "hello/hello.Main", own + "/failed");
    String said = Programs.run(own, command);
    Path file = Path.of(said.strip());
    assertThat(Programs.run(own, 1, "", reproduce(file)))
        .contains("java.lang.ArithmeticException: / by zero")
        .contains("at hello.Main.divide");
  }

  private static final String MODULE = "module hello { requires io.procession; }";

  private static final String MODULE_PROGRAM =
      """
      package hello;

      import io.procession.Procession;
      import io.procession.pool.PoolOptions;
      import io.procession.pool.TaskException;
      import java.nio.file.Path;

      public class Main {
        static int divide(int by) {
          return 1 / by;
        }

        public static void main(String[] args) {
          var options = PoolOptions.defaults().withProcesses(1).withReproducers(Path.of(args[0]));
          try (var pool = Procession.pool(options)) {
            pool.apply(x -> divide(x), 0);
          } catch (TaskException e) {
            System.out.println(e.getMessage().replaceFirst("(?s).*reproducer=([^;]+).*", "$1"));
          }
        }
      }
      """;

  @Test
  void noMoreThanAHundredAreSaved(@TempDir Path many) {
    var options = PoolOptions.defaults().withProcesses(1).withReproducers(many);
    List<String> told = new ArrayList<>();
    try (var own = ProcessPool.open(options)) {
      var results = own.imap(x -> 1 / (x / 150), IntStream.range(0, 150).boxed().toList(), 150);
      while (results.hasNext()) {
        told.add(catchThrowable(results::next).getMessage());
      }
    }
    assertThat(many.toFile().list()).hasSize(100);
    assertThat(told).hasSize(150);
    assertThat(told.subList(0, 100)).allMatch(text -> text.contains("reproducer=" + many));
    assertThat(told.subList(100, 150))
        .allMatch(text -> text.contains("no reproducer: this pool has saved 100"));
  }

  @Test
  void otherFilesAreRefused() throws IOException {
    Path other = Files.writeString(folder.resolve("other"), "Procession reproducer 2\n\n");
    assertThatThrownBy(() -> Reproduce.main(new String[] {other.toString()}))
        .isInstanceOf(StreamCorruptedException.class);
  }
}

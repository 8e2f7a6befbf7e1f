package io.procession.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.StreamCorruptedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
  void otherFilesAreRefused() throws IOException {
    Path other = Files.writeString(folder.resolve("other"), "Procession reproducer 2\n\n");
    assertThatThrownBy(() -> Reproduce.main(new String[] {other.toString()}))
        .isInstanceOf(StreamCorruptedException.class);
  }
}

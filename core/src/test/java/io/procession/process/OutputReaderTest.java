package io.procession.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.procession.testing.Deadlines;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// What a consumer of lines has been given by the time a child counts as ended.
class OutputReaderTest {
  /// One that has ended, and whose standard output another process holds open.
  private static final class HeldOpen extends EndedProcess {
    private final InputStream out;

    HeldOpen(InputStream out) {
      super(0);
      this.out = out;
    }

    @Override
    public InputStream getInputStream() {
      return out;
    }
  }

  @Test
  void whatWasReadOfAStreamThatIsHeldOpenIsGivenBeforeTheEndIsTold() throws Exception {
    List<String> given = new CopyOnWriteArrayList<>();
    var isGiving = new CountDownLatch(1);
    var mayGoOn = new CountDownLatch(1);
    OutputReader reader =
        OutputReader.start(
            "child",
            line -> {
              isGiving.countDown();
              try {
                mayGoOn.await();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
              given.add(line.text());
            });
    try (var writer = new PipedOutputStream();
        var out = new PipedInputStream(writer)) {
      reader.readFrom(new HeldOpen(out));
      write(writer, "first\nsecond\n");
      isGiving.await();
      CompletableFuture<List<String>> told =
          CompletableFuture.supplyAsync(() -> {
            try {
              reader.awaitDelivered(1, Deadlines.LONG.toNanos());
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
            return List.copyOf(given);
          });
      assertThat(told.completeOnTimeout(List.of("still waits"), 100, TimeUnit.MILLISECONDS).copy())
          .succeedsWithin(Deadlines.LONG)
          .isEqualTo(List.of("still waits"));
      mayGoOn.countDown();
    }
  }

  /// One whose standard output cannot be read for want of memory.
  private static final class Unreadable extends EndedProcess {
    Unreadable() {
      super(0);
    }

    @Override
    public InputStream getInputStream() {
      throw new OutOfMemoryError("of the test");
    }

    @Override
    public InputStream getErrorStream() {
      return new ByteArrayInputStream("last words\n".getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void streamThatCannotBeReadHoldsUpNeitherTheEndNorTheOther() throws Exception {
    List<String> given = new CopyOnWriteArrayList<>();
    OutputReader reader = OutputReader.start("unreadable", line -> given.add(line.text()));
    reader.readFrom(new Unreadable());
    reader.awaitDelivered(Deadlines.LONG.toNanos(), Deadlines.LONG.toNanos());
    assertThat(given).containsExactly("last words");
    await()
        .atMost(Deadlines.LONG)
        .until(() ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("procession-lines-unreadable")));
  }

  private static void write(OutputStream stream, String text) throws IOException {
    stream.write(text.getBytes(StandardCharsets.UTF_8));
    stream.flush();
  }
}

package io.procession.benchmarks.peers;

import io.aeron.Aeron;
import io.aeron.CommonContext;
import io.aeron.FragmentAssembler;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.procession.benchmarks.measure.Effort;
import io.procession.benchmarks.measure.Folders;
import io.procession.benchmarks.measure.Side;
import java.nio.file.Path;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/// Aeron's IPC: another JVM publishes byte messages, this one polls for them busily.
public final class AeronIpc {
  private static final int STREAM = 1001;
  private static final int BATCH = 512;

  /// A publication takes messages of an eighth of its term.
  private static final int TERM_BYTES = 16 << 20;

  private static final List<String> FLAGS =
      List.of(
          AgronaRing.FLAGS.getFirst(),
          "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
          "--add-opens=java.base/java.util.zip=ALL-UNNAMED");

  private AeronIpc() {}

  /// Small messages a second.
  public static Side side() {
    return new Side("aeron", FLAGS, effort -> rate(effort, Stream.MESSAGE));
  }

  /// Gigabytes a second in messages of `size` bytes, each copied to the heap.
  public static Side large(int size) {
    return new Side("aeron", FLAGS, effort -> rate(effort, size) * size / 1e9);
  }

  private static double rate(Effort effort, int size) throws Exception {
    Path folder = Folders.createShared();
    try {
      String name = folder.resolve("aeron").toString();
      var driver = new MediaDriver.Context().aeronDirectoryName(name);
      driver
          .threadingMode(ThreadingMode.SHARED)
          .ipcTermBufferLength(TERM_BYTES)
          .dirDeleteOnShutdown(true);
      try (var _ = MediaDriver.launch(driver);
          var aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(name));
          var subscription = aeron.addSubscription(CommonContext.IPC_CHANNEL, STREAM);
          var sender = SecondJvm.start(FLAGS, Publisher.class, name, Integer.toString(size))) {
        var bytes = new byte[size];
        long[] taken = new long[1];
        var whole =
            new FragmentAssembler((buffer, offset, length, _) -> {
              buffer.getBytes(offset, bytes, 0, length);
              taken[0]++;
            });
        return Stream.rate(
            effort,
            sender,
            () -> {
              taken[0] = 0;
              subscription.poll(whole, BATCH);
              return taken[0];
            });
      }
    } finally {
      Folders.delete(folder);
    }
  }

  /// The JVM that publishes.
  static final class Publisher {
    private Publisher() {}

    public static void main(String[] arguments) {
      SecondJvm.endWithParent();
      try (var aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(arguments[0]));
          var publication = aeron.addExclusivePublication(CommonContext.IPC_CHANNEL, STREAM)) {
        var message = new UnsafeBuffer(new byte[Integer.parseInt(arguments[1])]);
        while (true) {
          if (publication.offer(message) < 0) {
            Thread.onSpinWait();
          }
        }
      }
    }
  }
}

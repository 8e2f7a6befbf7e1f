package io.procession.benchmarks.peers;

import io.procession.benchmarks.measure.Effort;
import io.procession.benchmarks.measure.Folders;
import io.procession.benchmarks.measure.Side;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.agrona.BufferUtil;
import org.agrona.IoUtil;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/// Agrona's ring over a mapped file: another JVM writes byte messages, this one reads them busily.
public final class AgronaRing {
  /// What Agrona needs to be let into.
  static final List<String> FLAGS = List.of("--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED");

  private static final int CAPACITY = 1 << 20;
  private static final int TYPE = 1;
  private static final int BATCH = 512;

  private AgronaRing() {}

  public static Side side() {
    return new Side("agrona", FLAGS, AgronaRing::rate);
  }

  private static double rate(Effort effort) throws Exception {
    Path folder = Folders.createShared();
    try {
      Path file = folder.resolve("ring");
      IoUtil.createEmptyFile(file.toFile(), CAPACITY + RingBufferDescriptor.TRAILER_LENGTH).close();
      ManyToOneRingBuffer ring = map(file);
      try (var writer = SecondJvm.start(FLAGS, Writer.class, file.toString())) {
        var bytes = new byte[Stream.MESSAGE];
        MessageHandler copy =
            (_, buffer, index, length) -> buffer.getBytes(index, bytes, 0, length);
        return Stream.rate(effort, writer, () -> ring.read(copy, BATCH));
      } finally {
        BufferUtil.free(ring.buffer().byteBuffer());
      }
    } finally {
      Folders.delete(folder);
    }
  }

  private static ManyToOneRingBuffer map(Path file) {
    return new ManyToOneRingBuffer(new UnsafeBuffer(IoUtil.mapExistingFile(file.toFile(), "ring")));
  }

  /// The JVM that writes.
  static final class Writer {
    private Writer() {}

    public static void main(String[] arguments) throws IOException {
      SecondJvm.endWithParent();
      ManyToOneRingBuffer ring = map(Path.of(arguments[0]));
      var message = new UnsafeBuffer(new byte[Stream.MESSAGE]);
      while (true) {
        if (!ring.write(TYPE, message, 0, Stream.MESSAGE)) {
          Thread.onSpinWait();
        }
      }
    }
  }
}

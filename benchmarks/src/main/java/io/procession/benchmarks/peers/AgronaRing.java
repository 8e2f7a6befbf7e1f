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

  /// A ring takes messages of an eighth of its capacity.
  private static final int LARGE_CAPACITY = 16 << 20;

  private static final int TYPE = 1;
  private static final int BATCH = 512;

  private AgronaRing() {}

  /// Small messages a second.
  public static Side side() {
    return new Side("agrona", FLAGS, effort -> rate(effort, Stream.MESSAGE, CAPACITY));
  }

  /// Gigabytes a second in messages of `size` bytes, each copied to the heap.
  public static Side large(int size) {
    return new Side("agrona", FLAGS, effort -> rate(effort, size, LARGE_CAPACITY) * size / 1e9);
  }

  private static double rate(Effort effort, int size, int capacity) throws Exception {
    Path folder = Folders.createShared();
    try {
      Path file = folder.resolve("ring");
      IoUtil.createEmptyFile(file.toFile(), capacity + RingBufferDescriptor.TRAILER_LENGTH).close();
      ManyToOneRingBuffer ring = map(file);
      try (var writer =
          SecondJvm.start(FLAGS, Writer.class, file.toString(), Integer.toString(size))) {
        var bytes = new byte[size];
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
      int size = Integer.parseInt(arguments[1]);
      var message = new UnsafeBuffer(new byte[size]);
      while (true) {
        if (!ring.write(TYPE, message, 0, size)) {
          Thread.onSpinWait();
        }
      }
    }
  }
}

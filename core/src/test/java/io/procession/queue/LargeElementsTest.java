package io.procession.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.connection.Pipe;
import io.procession.serial.ByteSource;
import io.procession.serial.Codec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Elements with long arrays in them: copied once to each side, and whole for whoever looks at them.
class LargeElementsTest {
  private static final int LENGTH = 200_000;

  private static byte[] filled(int value) {
    byte[] array = new byte[LENGTH];
    Arrays.fill(array, (byte) value);
    return array;
  }

  @Test
  void queueHasThemAsTheyWereWhenTheyWerePut() throws Exception {
    SharedQueue<byte[]> queue = SharedQueue.create();
    try {
      byte[] array = new byte[LENGTH];
      for (int i = 1; i <= 6; i++) {
        Arrays.fill(array, (byte) i);
        queue.put(array);
      }
      Arrays.fill(array, (byte) 9);
      assertThat(queue.peek()).isEqualTo(filled(1));
      assertThat(queue.take()).isEqualTo(filled(1));
      assertThat(queue.poll()).isEqualTo(filled(2));
      assertThat(queue.iterator().next()).isEqualTo(filled(3));
      List<byte[]> drained = new ArrayList<>();
      assertThat(queue.drainTo(drained, 2)).isEqualTo(2);
      assertThat(drained.get(1)).isEqualTo(filled(4));
      assertThat(queue.offer(array)).isTrue();
      assertThat(queue.take()).isEqualTo(filled(5));
      assertThat(queue.take()).isEqualTo(filled(6));
      assertThat(queue.take()).isEqualTo(filled(9)).isNotSameAs(array);
    } finally {
      queue.destroy();
    }
  }

  @Test
  void bufferedQueueAndManyAtATime() throws Exception {
    SharedQueue<Object[]> queue = SharedQueue.create();
    try {
      Object[] element = {1, filled(1), new int[LENGTH], "text", filled(2)};
      queue.putMany(List.of(element, element));
      queue.put(element);
      BufferedQueue<Object[]> buffered = BufferedQueue.before(queue);
      buffered.put(element);
      for (int i = 0; i < 4; i++) {
        assertThat(Arrays.deepEquals(queue.take(), element)).isTrue();
      }
      buffered.close();
    } finally {
      queue.destroy();
    }
  }

  @Test
  void pipeHasThemAsObjectsAndAsBytes() throws Exception {
    Pipe pipe = Pipe.duplex();
    try (var first = pipe.first();
        var second = pipe.second()) {
      byte[] array = filled(1);
      for (int i = 0; i < 3; i++) {
        second.send(array);
      }
      Arrays.fill(array, (byte) 2);
      assertThat(first.recv()).isEqualTo(filled(1));
      byte[] bytes = first.recvBytes();
      assertThat(Codec.standard().decode(new ByteSource(bytes))).isEqualTo(filled(1));
      first.sendBytes(bytes);
      assertThat(second.recv()).isEqualTo(filled(1));
      byte[] target = new byte[bytes.length];
      assertThat(first.recvBytesInto(target)).isEqualTo(bytes.length);
      assertThat(target).isEqualTo(bytes);
    }
  }
}

package io.procession.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.procession.testing.Deadlines;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class UnboundedQueueTest extends BlockingQueueContract {
  @Override
  BlockingQueue<Object> make() {
    return SharedQueue.create();
  }

  @Override
  void free(BlockingQueue<Object> made) {
    ((SharedQueue<?>) made).close();
  }

  @Test
  void roomHasNoEnd() {
    assertThat(queue.remainingCapacity()).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void atTheLimitOfBytesPutAndAddThrowAndOfferRefuses() throws Exception {
    try (SharedQueue<byte[]> small =
        SharedQueue.create(QueueOptions.defaults().withMaxBytes(1 << 20))) {
      byte[] element = new byte[100_000];
      while (small.offer(element)) {}
      assertThat(small.size()).isBetween(5, 10);
      assertThatIllegalStateException()
          .isThrownBy(() -> small.put(element))
          .withMessageContaining(small.name())
          .withMessageContaining("limit=1048576")
          .withMessageContaining("QueueOptions.maxBytes");
      assertThatIllegalStateException()
          .isThrownBy(() -> small.add(element))
          .withMessageContaining("limit=1048576");
      assertThat(small.offer(element, Deadlines.SHORT.toMillis(), TimeUnit.MILLISECONDS)).isFalse();
      Future<Boolean> offered = elsewhere(() -> small.offer(element, 1, TimeUnit.DAYS));
      small.clear();
      assertThat(result(offered)).isTrue();
    }
  }

  @Test
  void elementAboveTheLimitIsRefusedAtOnce() {
    try (SharedQueue<byte[]> small =
        SharedQueue.create(QueueOptions.defaults().withMaxBytes(1 << 20))) {
      byte[] element = new byte[2 << 20];
      assertThatIllegalStateException().isThrownBy(() -> small.put(element));
      assertThat(small.offer(element)).isFalse();
      assertThat(small).isEmpty();
    }
  }
}

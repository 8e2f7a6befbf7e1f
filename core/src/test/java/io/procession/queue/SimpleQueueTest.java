package io.procession.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.procession.connection.Waitable;
import io.procession.serial.ByteSink;
import io.procession.serial.ByteSource;
import io.procession.serial.Codec;
import io.procession.serial.NotSendableException;
import io.procession.testing.Deadlines;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("platforms")
class SimpleQueueTest {
  @Test
  void takesWhatWasPutInItsOrder() throws Exception {
    try (SimpleQueue<Object> queue = SimpleQueue.create()) {
      assertThat(queue.isEmpty()).isTrue();
      queue.put("a");
      queue.put(2);
      assertThat(queue.isEmpty()).isFalse();
      assertThat(queue).hasToString("SimpleQueue[" + queue.name() + ", 2]");
      queue.joinThread();
      queue.cancelJoinThread();
      assertThat(queue.take()).isEqualTo("a");
      assertThat(queue.take()).isEqualTo(2);
      assertThat(queue.isEmpty()).isTrue();
    }
  }

  @Test
  void takeWaits() throws Exception {
    try (SimpleQueue<String> queue = SimpleQueue.create()) {
      var taken =
          CompletableFuture.supplyAsync(() -> {
            try {
              return queue.take();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
          });
      queue.put("x");
      assertThat(taken.get(Deadlines.MEDIUM.toMillis(), TimeUnit.MILLISECONDS)).isEqualTo("x");
    }
  }

  @Test
  void canBeWaitedForAmongOthers() throws Exception {
    try (SimpleQueue<String> queue = SimpleQueue.create();
        JoinableQueue<String> other = JoinableQueue.create()) {
      assertThat(Waitable.awaitAny(List.of(queue, other), Duration.ZERO)).isEmpty();
      queue.put("x");
      assertThat(Waitable.awaitAny(List.of(queue, other), Deadlines.MEDIUM)).containsExactly(queue);
    }
  }

  @Test
  void whatCannotBePutIsRefused() {
    try (SimpleQueue<Object> queue = SimpleQueue.create()) {
      assertThatExceptionOfType(NotSendableException.class)
          .isThrownBy(() -> queue.put(new Object()));
      assertThatNullPointerException().isThrownBy(() -> queue.put(nothing()));
      assertThat(queue.isEmpty()).isTrue();
    }
  }

  @SuppressWarnings("NullAway") // what callers must not pass
  private static Object nothing() {
    return null;
  }

  @Test
  void closedQueueSaysSo() {
    SimpleQueue<String> queue = SimpleQueue.create();
    queue.close();
    queue.close();
    assertThatIllegalStateException().isThrownBy(queue::isEmpty);
    assertThatIllegalStateException().isThrownBy(queue::take);
    assertThat(queue).hasToString("SimpleQueue[" + queue.name() + ", closed]");
  }

  @Test
  void handleThatComesBackIsTheSameQueue() throws Exception {
    SimpleQueue<String> queue = SimpleQueue.create();
    ByteSink sink = new ByteSink();
    Codec.standard().encode(queue, sink);
    assertThat(Codec.standard().decode(new ByteSource(sink.toByteArray()))).isSameAs(queue);
    queue.destroy();
  }
}

package io.procession.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.queue.SimpleQueue;
import org.junit.jupiter.api.Test;

/// A simple queue is put into and taken from, and says whether it is empty.
abstract class SimpleQueueContract extends Contract {
  @Test
  void isEmptyOrNot() throws Exception {
    SimpleQueue<Boolean> queue = way().context().simpleQueue();
    way().made(queue, queue::destroy);
    assertThat(queue.isEmpty()).isTrue();
    peer(0)
        .run(() -> {
          queue.put(queue.isEmpty());
          queue.put(queue.isEmpty());
        });
    assertThat(queue.isEmpty()).isFalse();
    assertThat(queue.take()).isTrue();
    assertThat(queue.take()).isFalse();
    assertThat(queue.isEmpty()).isTrue();
  }

  @Test
  void closedItSaysSoAndClosesAgain() {
    SimpleQueue<Boolean> queue = way().context().simpleQueue();
    queue.close();
    queue.close();
    assertThatThrownBy(queue::isEmpty).isInstanceOf(IllegalStateException.class);
  }
}

package io.procession.conformance;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.serial.NotSendableException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// A queue gives what is put into it, in its order, to whoever takes it.
abstract class QueueContract extends Contract {
  private static final int CAPACITY = 6;

  @Test
  void fullOneRefusesOrWaitsForRoom() throws Exception {
    BlockingQueue<Integer> queue = way().queue(CAPACITY);
    assertThat(queue).isEmpty();
    assertThat(queue.remainingCapacity()).isEqualTo(CAPACITY);
    for (int i = 0; i < CAPACITY; i++) {
      assertThat(queue.offer(i)).isTrue();
    }
    assertThat(queue).hasSize(CAPACITY);
    assertThat(queue.remainingCapacity()).isZero();
    assertThat(queue.offer(7)).isFalse();
    assertThat(queue.offer(7, 20, MILLISECONDS)).isFalse();
    assertThatThrownBy(() -> queue.add(7)).isInstanceOf(IllegalStateException.class);
    Peer.Reply<Boolean> taker =
        peer(0)
            .begin(() -> {
              for (int i = 0; i < CAPACITY; i++) {
                assertThat(queue.take()).isEqualTo(i);
              }
            });
    queue.put(7);
    taker.get();
    assertThat(queue).containsExactly(7);
  }

  @Test
  void hasRoomForOneAtLeast() {
    assertThatThrownBy(() -> way().queue(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("capacity must be positive: capacity=0; use 1 or more");
  }

  @Test
  void emptyOneHasNothingOrWaitsForAnElement() throws Exception {
    BlockingQueue<Integer> queue = way().queue();
    assertThat(queue.poll()).isNull();
    assertThat(queue.poll(20, MILLISECONDS)).isNull();
    assertThatThrownBy(queue::remove).isInstanceOf(java.util.NoSuchElementException.class);
    Peer.Reply<Integer> taker = peer(0).ask(queue::take);
    assertThat(taker.isWaiting()).isTrue();
    queue.put(2);
    assertThat(taker.get()).isEqualTo(2);
    peer(1).run(() -> queue.addAll(List.of(3, 4, 5)));
    assertThat(queue).hasSize(3);
    assertThat(queue.take()).isEqualTo(3);
    assertThat(queue.poll()).isEqualTo(4);
    assertThat(queue.poll(LONG.toMillis(), MILLISECONDS)).isEqualTo(5);
    assertThat(queue).isEmpty();
  }

  @Test
  void elementsOfOneSenderKeepTheirOrder() throws Exception {
    BlockingQueue<Integer> queue = way().queue();
    for (int i = 0; i < 10; i++) {
      queue.put(i);
    }
    peer(0)
        .run(() -> {
          for (int i = 10; i < 20; i++) {
            queue.put(i);
          }
        });
    assertThat(queue).hasSize(20);
    var taken = new ArrayList<Integer>();
    assertThat(queue.drainTo(taken)).isEqualTo(20);
    assertThat(taken).isEqualTo(IntStream.range(0, 20).boxed().toList());
    assertThat(queue.poll()).isNull();
  }

  @Test
  void whatCannotBeSentIsRefusedAndHarmsNothing() throws Exception {
    BlockingQueue<Object> queue = way().queue(1);
    Object thread =
        new Serializable() {
          @SuppressWarnings({"serial", "unused"}) // that it cannot be sent is the point
          private final Thread held = Thread.currentThread();
        };
    assertThatThrownBy(() -> queue.put(thread)).isInstanceOf(NotSendableException.class);
    assertThat(queue).isEmpty();
    queue.put(true);
    assertThat(peer(0).<Object>call(queue::take)).isEqualTo(true);
  }

  @Test
  void takesQueuesToo() throws Exception {
    BlockingQueue<BlockingQueue<Integer>> outer = way().queue();
    BlockingQueue<Integer> inner = way().queue();
    outer.put(inner);
    peer(0).run(() -> outer.take().put(123));
    assertThat(inner.poll(LONG.toMillis(), MILLISECONDS)).isEqualTo(123);
  }

  @Test
  void nothingIsLostOrDoubledBetweenProcesses() throws Exception {
    BlockingQueue<Integer> there = way().queue();
    BlockingQueue<Integer> back = way().queue(4);
    List<Peer.Reply<Boolean>> others =
        way().peers().stream()
            .map(peer ->
                peer.begin(() -> {
                  for (int i = there.take(); i >= 0; i = there.take()) {
                    back.put(i);
                  }
                }))
            .toList();
    for (int i = 0; i < 100; i++) {
      there.put(i);
    }
    for (int i = 0; i < Way.PEERS; i++) {
      there.put(-1);
    }
    var seen = new ArrayList<Integer>();
    for (int i = 0; i < 100; i++) {
      seen.add(back.poll(LONG.toMillis(), MILLISECONDS));
    }
    assertThat(seen).containsExactlyInAnyOrderElementsOf(IntStream.range(0, 100).boxed().toList());
    assertThat(back).isEmpty();
    for (Peer.Reply<Boolean> other : others) {
      other.get();
    }
  }
}

package io.procession.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.procession.serial.NotSendableException;
import io.procession.testing.Deadlines;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What a `BlockingQueue` promises, whatever its kind.
@Tag("platforms")
abstract class BlockingQueueContract {
  static final int CAPACITY = 5;

  private final ExecutorService threads =
      Executors.newCachedThreadPool(Thread.ofPlatform().name("contract-", 0).factory());
  BlockingQueue<Object> queue = make();

  /// An empty queue with room for at least [#CAPACITY] elements.
  abstract BlockingQueue<Object> make();

  abstract void free(BlockingQueue<Object> made);

  @BeforeEach
  void fill() {
    assertThat(queue.isEmpty()).isTrue();
    queue.addAll(List.of("a", "b", "c"));
  }

  @AfterEach
  void end() {
    threads.shutdownNow();
    threads.close();
    free(queue);
  }

  <T> Future<T> elsewhere(Callable<T> work) {
    return threads.submit(work);
  }

  void interruptAll() {
    threads.shutdownNow();
  }

  static <T> T result(Future<T> future) throws Exception {
    return future.get(Deadlines.MEDIUM.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Test
  void addPutAndOfferAppend() throws Exception {
    queue.clear();
    assertThat(queue.add(1)).isTrue();
    queue.put(2);
    assertThat(queue.offer(3)).isTrue();
    assertThat(queue.offer(4, 1, TimeUnit.MILLISECONDS)).isTrue();
    assertThat(queue).containsExactly(1, 2, 3, 4);
  }

  @Test
  void takePollAndRemoveGiveTheFirst() throws Exception {
    queue.add("d");
    assertThat(queue.take()).isEqualTo("a");
    assertThat(queue.poll()).isEqualTo("b");
    assertThat(queue.poll(1, TimeUnit.SECONDS)).isEqualTo("c");
    assertThat(queue.remove()).isEqualTo("d");
    assertThat(queue).isEmpty();
  }

  @Test
  void emptyQueueHasNothing() throws Exception {
    queue.clear();
    assertThat(queue.poll()).isNull();
    assertThat(queue.poll(0, TimeUnit.SECONDS)).isNull();
    assertThat(queue.poll(-1, TimeUnit.SECONDS)).isNull();
    assertThat(queue.peek()).isNull();
    assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(queue::element);
    assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(queue::remove);
    assertThat(queue.iterator().hasNext()).isFalse();
    assertThatExceptionOfType(NoSuchElementException.class)
        .isThrownBy(() -> queue.iterator().next());
    assertThat(queue.toArray()).isEmpty();
    assertThat(queue.contains("a")).isFalse();
    assertThat(queue.remove("a")).isFalse();
    assertThat(queue.size()).isZero();
  }

  @Test
  void timedPollWaitsItsTime() throws Exception {
    queue.clear();
    long begin = System.nanoTime();
    assertThat(queue.poll(Deadlines.SHORT.toNanos(), TimeUnit.NANOSECONDS)).isNull();
    assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(Deadlines.SHORT.toNanos());
  }

  @Test
  void peekAndElementLeaveTheFirst() {
    assertThat(queue.peek()).isEqualTo("a");
    assertThat(queue.element()).isEqualTo("a");
    assertThat(queue).hasSize(3);
  }

  @Test
  void nullsAreRefused() {
    assertThatNullPointerException().isThrownBy(() -> queue.add(nothing()));
    assertThatNullPointerException().isThrownBy(() -> queue.put(nothing()));
    assertThatNullPointerException().isThrownBy(() -> queue.offer(nothing()));
    assertThatNullPointerException().isThrownBy(() -> queue.offer(nothing(), 1, TimeUnit.SECONDS));
    assertThatNullPointerException()
        .isThrownBy(() -> queue.drainTo(BlockingQueueContract.<Collection<Object>>nothing()));
    assertThat(queue.contains(nothing())).isFalse();
    assertThat(queue.remove(nothing())).isFalse();
    assertThat(queue).containsExactly("a", "b", "c");
  }

  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // what callers must not pass
  private static <T> T nothing() {
    return null;
  }

  @Test
  void elementsAreCopies() throws Exception {
    var list = new ArrayList<>(List.of(1, 2));
    queue.clear();
    queue.put(list);
    list.add(3);
    assertThat(queue.take()).isEqualTo(List.of(1, 2));
  }

  @Test
  void whatCannotBeSentFailsInTheCallerAndLeavesTheQueueAsItWas() {
    Object unsendable = new Object();
    assertThatExceptionOfType(NotSendableException.class).isThrownBy(() -> queue.put(unsendable));
    assertThatExceptionOfType(NotSendableException.class).isThrownBy(() -> queue.offer(unsendable));
    assertThatExceptionOfType(NotSendableException.class).isThrownBy(() -> queue.add(unsendable));
    assertThat(queue).containsExactly("a", "b", "c");
    queue.add("d");
    assertThat(queue).containsExactly("a", "b", "c", "d");
  }

  @Test
  void containsAndRemoveFindEqualElements() {
    queue.add("b");
    assertThat(queue.contains("b")).isTrue();
    assertThat(queue.contains("x")).isFalse();
    assertThat(queue.remove("b")).isTrue();
    assertThat(queue).containsExactly("a", "c", "b");
    assertThat(queue.remove("x")).isFalse();
    assertThat(queue.containsAll(List.of("b", "a"))).isTrue();
  }

  @Test
  void bulkRemovals() {
    queue.addAll(List.of("d", "e"));
    assertThat(queue.removeAll(List.of("a", "d"))).isTrue();
    assertThat(queue.removeAll(List.of("a", "d"))).isFalse();
    assertThat(queue.retainAll(List.of("b", "e"))).isTrue();
    assertThat(queue).containsExactly("b", "e");
    assertThat(queue.removeIf(element -> element.equals("b"))).isTrue();
    assertThat(queue).containsExactly("e");
  }

  @Test
  @SuppressWarnings("ModifyingCollectionWithItself") // that is what it is about
  void addAllOfItselfIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> queue.addAll(queue));
    assertThatIllegalArgumentException().isThrownBy(() -> queue.drainTo(queue));
    assertThatIllegalArgumentException().isThrownBy(() -> queue.drainTo(queue, 0));
  }

  @Test
  void drainToTakesWhatIsThere() {
    var drained = new ArrayList<>();
    assertThat(queue.drainTo(drained, 0)).isZero();
    assertThat(queue.drainTo(drained, -1)).isZero();
    assertThat(queue.drainTo(drained, 2)).isEqualTo(2);
    assertThat(drained).containsExactly("a", "b");
    assertThat(queue.drainTo(drained)).isEqualTo(1);
    assertThat(queue.drainTo(drained)).isZero();
    assertThat(drained).containsExactly("a", "b", "c");
  }

  @Test
  void clearRemovesAll() {
    queue.clear();
    assertThat(queue).isEmpty();
    queue.add("x");
    assertThat(queue).containsExactly("x");
  }

  @Test
  void iteratorIsWeaklyConsistentAndRemoves() {
    queue.add("d");
    Iterator<Object> iterator = queue.iterator();
    assertThatIllegalStateException().isThrownBy(iterator::remove);
    assertThat(iterator.next()).isEqualTo("a");
    iterator.remove();
    assertThatIllegalStateException().isThrownBy(iterator::remove);
    assertThat(queue.poll()).isEqualTo("b");
    assertThat(iterator.next()).isIn("b", "c");
    queue.clear();
    iterator.remove();
    queue.add("e");
    while (iterator.hasNext()) {
      assertThat(iterator.next()).isIn("c", "d");
    }
    assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(iterator::next);
    assertThat(queue).containsExactly("e");
  }

  @Test
  void arraysAndStreams() {
    assertThat(queue.toArray()).containsExactly("a", "b", "c");
    assertThat(queue.toArray(new String[0])).containsExactly("a", "b", "c");
    assertThat(queue.toArray(String[]::new)).containsExactly("a", "b", "c");
    assertThat(queue.toArray(new Object[] {0, 0, 0, 0})).containsExactly("a", "b", "c", null);
    assertThat(queue.stream().map(Object::toString).toList()).containsExactly("a", "b", "c");
    var seen = new ArrayList<>();
    queue.forEach(seen::add);
    assertThat(seen).containsExactly("a", "b", "c");
    assertThat(queue.spliterator().hasCharacteristics(Spliterator.CONCURRENT)).isTrue();
    assertThat(queue).hasToString("[a, b, c]");
  }

  @Test
  void takeWaits() throws Exception {
    queue.clear();
    Future<Object> taken = elsewhere(queue::take);
    Future<Object> polled = elsewhere(() -> queue.poll(1, TimeUnit.DAYS));
    queue.put("x");
    queue.put("y");
    assertThat(List.of(result(taken), result(polled))).containsExactlyInAnyOrder("x", "y");
  }

  @Test
  void interruptEndsTakeAndTimedPoll() throws Exception {
    queue.clear();
    Future<Object> taken = elsewhere(queue::take);
    Future<Object> polled = elsewhere(() -> queue.poll(1, TimeUnit.DAYS));
    interruptAll();
    assertInterrupted(taken);
    assertInterrupted(polled);
  }

  @Test
  void interruptedThreadNeitherTakesNorPuts() {
    assertThatExceptionOfType(InterruptedException.class).isThrownBy(interrupted(queue::take));
    assertThatExceptionOfType(InterruptedException.class)
        .isThrownBy(interrupted(() -> queue.poll(1, TimeUnit.SECONDS)));
    assertThatExceptionOfType(InterruptedException.class)
        .isThrownBy(
            interrupted(() -> {
              queue.put("x");
              return "";
            }));
    assertThatExceptionOfType(InterruptedException.class)
        .isThrownBy(interrupted(() -> queue.offer("x", 1, TimeUnit.SECONDS)));
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    assertThat(queue).containsExactly("a", "b", "c");
  }

  @Test
  void whatDoesNotWaitMindsNoInterrupt() {
    Thread.currentThread().interrupt();
    try {
      assertThat(queue.poll()).isEqualTo("a");
      assertThat(queue.offer("d")).isTrue();
      assertThat(queue.add("e")).isTrue();
      assertThat(queue.peek()).isEqualTo("b");
      assertThat(queue.size()).isEqualTo(4);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  static ThrowingCallable interrupted(Callable<?> work) {
    return () -> {
      Thread.currentThread().interrupt();
      work.call();
    };
  }

  static void assertInterrupted(Future<?> future) {
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> result(future))
        .withCauseInstanceOf(InterruptedException.class);
  }
}

package io.procession.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.procession.serial.NotSendableException;
import io.procession.testing.Deadlines;
import java.util.AbstractCollection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Many elements at a time: `putMany` and `drainTo`.
@Tag("platforms")
class QueueBatchesTest {
  private static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  @Test
  void manyAreTakenInTheOrderOfTheCollection() throws Exception {
    try (SharedQueue<Object> queue = SharedQueue.create()) {
      queue.put("first");
      queue.putMany(List.of());
      queue.putMany(numbers(10_000));
      queue.put("last");
      List<Object> drained = new ArrayList<>();
      assertThat(queue.drainTo(drained)).isEqualTo(10_002);
      assertThat(drained.getFirst()).isEqualTo("first");
      assertThat(drained.getLast()).isEqualTo("last");
      assertThat(drained.subList(1, 10_001)).isEqualTo(numbers(10_000));
      assertThat(queue).isEmpty();
    }
  }

  @Test
  void longAndShortElementsMix() throws Exception {
    try (SharedQueue<byte[]> queue = SharedQueue.create()) {
      int[] sizes = {0, 70_000, 1, 65_536, 200_000, 3, 0, 1 << 20, 5};
      List<byte[]> elements = Arrays.stream(sizes).mapToObj(byte[]::new).toList();
      queue.putMany(elements);
      List<byte[]> drained = new ArrayList<>();
      assertThat(queue.drainTo(drained, 4)).isEqualTo(4);
      assertThat(queue.drainTo(drained)).isEqualTo(sizes.length - 4);
      assertThat(drained).extracting(bytes -> bytes.length).containsExactly(boxed(sizes));
    }
  }

  private static Integer[] boxed(int[] sizes) {
    return Arrays.stream(sizes).boxed().toArray(Integer[]::new);
  }

  @Test
  void boundedQueueTakesThemAsThereIsRoom() throws Exception {
    try (SharedQueue<Integer> queue = SharedQueue.create(3)) {
      var putting =
          CompletableFuture.runAsync(() -> {
            try {
              queue.putMany(numbers(1_000));
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
          });
      for (int i = 0; i < 1_000; i++) {
        assertThat(queue.size()).isLessThanOrEqualTo(3);
        assertThat(queue.poll(Deadlines.MEDIUM.toMillis(), TimeUnit.MILLISECONDS)).isEqualTo(i);
      }
      putting.get(Deadlines.MEDIUM.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  @Test
  void nothingIsPutIfOneCannotBeSent() {
    try (SharedQueue<Object> queue = SharedQueue.create()) {
      assertThatExceptionOfType(NotSendableException.class)
          .isThrownBy(() -> queue.putMany(List.of(1, 2, new Object())));
      assertThatNullPointerException().isThrownBy(() -> queue.putMany(withNull()));
      assertThatIllegalArgumentException().isThrownBy(() -> queue.putMany(queue));
      assertThat(queue).isEmpty();
    }
  }

  @SuppressWarnings("NullAway") // what callers must not pass
  private static List<Object> withNull() {
    return Arrays.asList(1, null);
  }

  @Test
  void whatWasPutBeforeTheMemoryWasUsedUpStays() {
    try (SharedQueue<byte[]> queue =
        SharedQueue.create(QueueOptions.defaults().withMaxBytes(1 << 20))) {
      assertThatIllegalStateException()
          .isThrownBy(() -> queue.putMany(Collections.nCopies(30, new byte[100_000])))
          .withMessageContaining("out of memory");
      assertThat(queue.size()).isBetween(5, 10);
    }
  }

  @Test
  void messageThatNeverFitsIsNoWantOfMemory() {
    try (SharedQueue<byte[]> queue =
        SharedQueue.create(QueueOptions.defaults().withMaxBytes(1 << 20))) {
      assertThatIllegalStateException()
          .isThrownBy(() -> queue.put(new byte[2 << 20]))
          .withMessageMatching(
              queue.name()
                  + ": the message is longer than all together may be: message=20971\\d\\d bytes,"
                  + " limit=1048576 bytes; raise QueueOptions.maxBytes, or put it in parts");
      assertThat(queue).isEmpty();
    }
  }

  @Test
  void whatWasPutBeforeTheInterruptStays() throws Exception {
    try (SharedQueue<Integer> queue = SharedQueue.create(3)) {
      Thread putting =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  queue.putMany(numbers(10));
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      while (!queue.isFull()) {
        Thread.onSpinWait();
      }
      putting.interrupt();
      putting.join();
      assertThat(queue).containsExactly(0, 1, 2);
    }
  }

  /// A collection that throws at one of its elements.
  private static final class Refusing extends AbstractCollection<Integer> {
    private final List<Integer> taken = new ArrayList<>();
    private final int at;

    Refusing(int at) {
      this.at = at;
    }

    @Override
    public boolean add(Integer element) {
      if (element == at) {
        throw new UnsupportedOperationException("refused");
      }
      return taken.add(element);
    }

    @Override
    public Iterator<Integer> iterator() {
      return taken.iterator();
    }

    @Override
    public int size() {
      return taken.size();
    }
  }

  @Test
  void whatTheCollectionRefusesIsNotLost() throws Exception {
    try (SharedQueue<Integer> queue = SharedQueue.create()) {
      queue.putMany(numbers(1_000));
      Refusing target = new Refusing(300);
      Throwable thrown = catchThrowable(() -> queue.drainTo(target));
      assertThat(thrown).isInstanceOf(UnsupportedOperationException.class);
      var undrained = (UndrainedException) thrown.getSuppressed()[0];
      List<Object> all = new ArrayList<>(target);
      all.addAll(undrained.elements());
      assertThat(undrained.elements().getFirst()).isEqualTo(300);
      assertThat(undrained).hasMessageContaining(queue.name());
      queue.drainTo(all);
      assertThat(all).isEqualTo(numbers(1_000));
    }
  }

  @Test
  void drainToLeavesWhatComesLater() throws Exception {
    try (SharedQueue<Integer> queue = SharedQueue.create()) {
      queue.putMany(numbers(600));
      Collection<Integer> target =
          new ArrayList<>() {
            @Override
            public boolean add(Integer element) {
              queue.add(element);
              return super.add(element);
            }
          };
      assertThat(queue.drainTo(target)).isEqualTo(600);
      assertThat(queue).hasSize(600);
    }
  }

  @Test
  void fullIsWhatHasNoRoom() throws Exception {
    try (SharedQueue<Integer> queue = SharedQueue.create(2);
        SharedQueue<Integer> endless = SharedQueue.create()) {
      assertThat(queue.isFull()).isFalse();
      queue.putMany(List.of(1, 2));
      endless.putMany(List.of(1, 2));
      assertThat(queue.isFull()).isTrue();
      assertThat(queue.remainingCapacity()).isZero();
      assertThat(endless.isFull()).isFalse();
      assertThat(queue.take()).isOne();
      assertThat(queue.isFull()).isFalse();
    }
  }
}

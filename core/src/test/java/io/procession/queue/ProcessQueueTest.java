package io.procession.queue;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.procession.internal.posix.Platform;
import io.procession.serial.ByteSink;
import io.procession.serial.ByteSource;
import io.procession.serial.Codec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every kind of queue, as code sees it that takes any of them.
@Tag("platforms")
class ProcessQueueTest {
  static Stream<Named<Supplier<ProcessQueue<String>>>> kinds() {
    Stream<Named<Supplier<ProcessQueue<String>>>> everywhere =
        Stream.of(
            Named.of("SharedQueue", SharedQueue::create),
            Named.of("JoinableQueue", JoinableQueue::create),
            Named.of("SimpleQueue", SimpleQueue::create),
            Named.of("PipeQueue", PipeQueue::create),
            Named.of("BufferedQueue", BufferedQueue::create),
            Named.of(
                "BufferedQueue before a PipeQueue",
                () -> BufferedQueue.before(PipeQueue.<String>create().asBlockingQueue())));
    return Platform.current() == Platform.NATIVE
        ? Stream.concat(everywhere, Stream.of(Named.of("PosixQueue", PosixQueue::create)))
        : everywhere;
  }

  @ParameterizedTest
  @MethodSource("kinds")
  @SuppressWarnings("NullAway") // what is refused is tried
  void takesWhatWasPutInItsOrder(Supplier<ProcessQueue<String>> kind) throws Exception {
    ProcessQueue<String> queue = kind.get();
    assertThat(queue.isEmpty()).isTrue();
    assertThat(queue.poll()).isNull();
    assertThat(queue.poll(1, TimeUnit.MILLISECONDS)).isNull();
    queue.put("first");
    queue.put("second");
    queue.put("third");
    assertThat(queue.take()).isEqualTo("first");
    assertThat(queue.poll(1, TimeUnit.MINUTES)).isEqualTo("second");
    assertThat(queue.take()).isEqualTo("third");
    assertThatNullPointerException().isThrownBy(() -> queue.put(null));
    assertThat(queue.name()).matches("(posix-)?(queue|buffer)-\\d+");
    queue.close();
    queue.joinThread();
    assertThatIllegalStateException()
        .isThrownBy(() -> queue.put("late"))
        .withMessageContaining("closed");
  }

  @Test
  void nameStandsInMessagesWhereTheQueueWasReceived() throws Exception {
    Codec codec = Codec.standard();
    for (RingQueue<String> queue :
        List.of(
            SharedQueue.<String>create("orders", QueueOptions.defaults().withCapacity(1)),
            JoinableQueue.<String>create("orders", QueueOptions.defaults().withCapacity(1)))) {
      assertThat(queue.name()).isEqualTo("orders");
      ByteSink sent = new ByteSink();
      codec.encode(queue, sent);
      queue.close();
      var received =
          (RingQueue<?>) requireNonNull(codec.decode(new ByteSource(sent.toByteArray())));
      assertThat(received.name()).isEqualTo("orders");
      assertThat(((BlockingQueue<?>) received).remainingCapacity()).isEqualTo(1);
      received.destroy();
      assertThatIllegalStateException()
          .isThrownBy(received::take)
          .withMessage("destroyed: queue=orders");
    }
  }

  static Stream<Named<ProcessQueue<String>>> ofOrders() {
    return Stream.of(
        Named.of("SharedQueue", SharedQueue.create("orders")),
        Named.of("JoinableQueue", JoinableQueue.create("orders")),
        Named.of("SimpleQueue", SimpleQueue.create("orders")),
        Named.of("PipeQueue", PipeQueue.create("orders")),
        Named.of("BufferedQueue", BufferedQueue.create("orders")));
  }

  @ParameterizedTest
  @MethodSource("ofOrders")
  void aNameGoesWithTheQueue(ProcessQueue<String> queue) throws Exception {
    assertThat(queue.name()).isEqualTo("orders");
    ByteSink sent = new ByteSink();
    Codec.standard().encode(queue, sent);
    queue.close();
    assertThatIllegalStateException()
        .isThrownBy(() -> queue.put("late"))
        .withMessageContaining("queue=orders");
    var received =
        (ProcessQueue<?>)
            requireNonNull(Codec.standard().decode(new ByteSource(sent.toByteArray())));
    assertThat(received).isNotSameAs(queue);
    assertThat(received.name()).isEqualTo("orders");
    received.close();
  }

  @Test
  void aBufferWithoutANameGetsOneWhereItArrives() throws Exception {
    BufferedQueue<String> queue = BufferedQueue.create();
    ByteSink sent = new ByteSink();
    Codec.standard().encode(queue, sent);
    var received =
        (BufferedQueue<?>)
            requireNonNull(Codec.standard().decode(new ByteSource(sent.toByteArray())));
    assertThat(received.name()).matches("buffer-\\d+").isNotEqualTo(queue.name());
    received.close();
    queue.close();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void interruptEndsAWait(Supplier<ProcessQueue<String>> kind) {
    try (ProcessQueue<String> queue = kind.get()) {
      Thread.currentThread().interrupt();
      assertThatExceptionOfType(InterruptedException.class).isThrownBy(queue::take);
      Thread.currentThread().interrupt();
      assertThatExceptionOfType(InterruptedException.class)
          .isThrownBy(() -> queue.poll(1, TimeUnit.MINUTES));
      assertThat(Thread.interrupted()).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void servesAsABlockingQueue(Supplier<ProcessQueue<String>> kind) throws Exception {
    try (ProcessQueue<String> queue = kind.get()) {
      BlockingQueue<String> view = queue.asBlockingQueue();
      view.put("first");
      view.put("second");
      assertThat(queue.take()).isEqualTo("first");
      List<String> rest = new ArrayList<>();
      while (rest.isEmpty()) {
        view.drainTo(rest); // what a buffer has may still be on its way
      }
      assertThat(rest).containsExactly("second");
      assertThat(view.isEmpty()).isTrue();
      if (queue instanceof BlockingQueue) {
        assertThat((Object) view).isSameAs(queue);
      } else {
        assertThatExceptionOfType(UnsupportedOperationException.class)
            .isThrownBy(view::peek)
            .withMessageStartingWith("nobody can look into this queue: ");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void drainEndsThoughOthersGoOnPutting(Supplier<ProcessQueue<String>> kind) throws Exception {
    try (ProcessQueue<String> queue = kind.get()) {
      List<String> taken =
          new ArrayList<>() {
            private static final long serialVersionUID = 1L;

            @Override
            public boolean add(String element) {
              if (size() < 50) {
                try {
                  queue.put("one more");
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
              }
              return super.add(element);
            }
          };
      queue.put("first");
      while (taken.isEmpty()) {
        assertThat(queue.asBlockingQueue().drainTo(taken)).isLessThanOrEqualTo(1);
      }
      assertThat(queue.take()).isEqualTo("one more");
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  @SuppressWarnings("NullAway") // what callers must not pass
  void drainThatIsRefusedTakesNothing(Supplier<ProcessQueue<String>> kind) throws Exception {
    try (ProcessQueue<String> queue = kind.get()) {
      BlockingQueue<String> view = queue.asBlockingQueue();
      view.put("first");
      assertThatNullPointerException().isThrownBy(() -> view.drainTo(null));
      assertThatIllegalArgumentException().isThrownBy(() -> view.drainTo(view));
      assertThat(view.drainTo(new ArrayList<>(), 0)).isZero();
      assertThat(queue.take()).isEqualTo("first");
    }
  }
}

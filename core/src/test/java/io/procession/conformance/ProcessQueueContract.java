package io.procession.conformance;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.procession.context.Context;
import io.procession.internal.posix.Platform;
import io.procession.queue.BufferedQueue;
import io.procession.queue.PipeQueue;
import io.procession.queue.PosixQueue;
import io.procession.queue.ProcessQueue;
import io.procession.queue.SharedQueue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/// What code may rely on that takes a queue of any kind: those of pipes, of the kernel, and the buffer
/// before another.
abstract class ProcessQueueContract extends Contract {
  enum Kind {
    PIPE,
    POSIX,
    BUFFERED,
    BUFFERED_PIPE
  }

  private ProcessQueue<Integer> queue(Kind kind) {
    Context context = way().context();
    assumeTrue(
        kind != Kind.POSIX || Platform.current() == Platform.NATIVE,
        "POSIX queues need system calls");
    return switch (kind) {
      case PIPE -> madePipe(context.pipeQueue());
      case POSIX -> {
        PosixQueue<Integer> queue = context.posixQueue();
        yield way().made(queue, queue::destroy);
      }
      case BUFFERED -> {
        SharedQueue<Integer> behind = context.queue();
        yield madeBuffer(context.bufferedQueue(way().made(behind, behind::destroy)));
      }
      case BUFFERED_PIPE -> {
        PipeQueue<Integer> behind = context.pipeQueue();
        madePipe(behind);
        yield madeBuffer(context.bufferedQueue(behind.asBlockingQueue()));
      }
    };
  }

  private ProcessQueue<Integer> madePipe(PipeQueue<Integer> queue) {
    return way().made(queue, queue::destroy);
  }

  private ProcessQueue<Integer> madeBuffer(BufferedQueue<Integer> queue) {
    return way().made(queue, queue::close);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void elementsOfAProcessComeInTheirOrder(Kind kind) throws Exception {
    ProcessQueue<Integer> queue = queue(kind);
    assertThat(queue.isEmpty()).isTrue();
    assertThat(queue.poll()).isNull();
    assertThat(queue.poll(10, MILLISECONDS)).isNull();
    Peer.Reply<Boolean> putting =
        peer(0)
            .begin(() -> {
              for (int i = 0; i < 100; i++) {
                queue.put(i);
              }
            });
    List<Integer> taken = new ArrayList<>();
    List<Integer> expected = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      taken.add(queue.take());
      expected.add(i);
    }
    putting.get();
    assertThat(taken).isEqualTo(expected);
    assertThat(queue.poll()).isNull();
    assertThat(queue.isEmpty()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void eachElementIsTakenOnce(Kind kind) throws Exception {
    ProcessQueue<Integer> queue = queue(kind);
    Peer.Reply<List<Integer>> first = peer(0).ask(() -> takeUntilNegative(queue));
    Peer.Reply<List<Integer>> second = peer(1).ask(() -> takeUntilNegative(queue));
    for (int i = 0; i < 100; i++) {
      queue.put(i);
    }
    queue.put(-1);
    queue.put(-1);
    List<Integer> all = new ArrayList<>(first.get());
    all.addAll(second.get());
    Set<Integer> once = new HashSet<>(all);
    assertThat(once).hasSize(100).hasSameSizeAs(all);
  }

  private static List<Integer> takeUntilNegative(ProcessQueue<Integer> queue)
      throws InterruptedException {
    List<Integer> taken = new ArrayList<>();
    int element = queue.take();
    while (element >= 0) {
      taken.add(element);
      element = queue.take();
    }
    return taken;
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void whoWaitsGetsTheElementThatComes(Kind kind) throws Exception {
    ProcessQueue<Integer> queue = queue(kind);
    Peer.Reply<Integer> waiting = peer(0).ask(queue::take);
    assertThat(waiting.isWaiting()).isTrue();
    queue.put(7);
    assertThat(waiting.get()).isEqualTo(7);
    assertThat(queue.isEmpty()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void closedItSaysSoAndClosesAgain(Kind kind) throws Exception {
    ProcessQueue<Integer> queue = queue(kind);
    queue.close();
    queue.close();
    queue.joinThread();
    assertThatThrownBy(() -> queue.put(1)).isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @EnumSource(value = Kind.class, mode = Mode.EXCLUDE, names = "POSIX")
  void elementOfAMegabyteGoesThrough(Kind kind) throws Exception {
    Context context = way().context();
    ProcessQueue<byte[]> queue =
        switch (kind) {
          case PIPE -> context.pipeQueue();
          default -> context.bufferedQueue();
        };
    way().made(queue, queue::close);
    Peer.Reply<Integer> taking = peer(0).ask(() -> queue.take().length);
    queue.put(new byte[1 << 20]);
    assertThat(taking.get()).isEqualTo(1 << 20);
  }
}

package io.procession.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.queue.TaskQueue;
import io.procession.testing.Deadlines;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A joinable queue is joined when all that was put is done.
abstract class JoinableQueueContract extends Contract {
  @Test
  void isJoinedWhenAllIsDone() throws Exception {
    TaskQueue<Integer> tasks = way().tasks();
    assertThat(tasks.join(Deadlines.SHORT)).isTrue();
    for (int i = 0; i < 10; i++) {
      tasks.put(i);
    }
    assertThat(tasks.join(Deadlines.SHORT)).isFalse();
    List<Peer.Reply<Boolean>> others =
        way().peers().stream().map(peer -> peer.begin(() -> doAll(tasks))).toList();
    assertThat(tasks.join(LONG)).isTrue();
    assertThat(tasks).isEmpty();
    for (int i = 0; i < Way.PEERS; i++) {
      tasks.put(-1);
    }
    for (Peer.Reply<Boolean> other : others) {
      other.get();
    }
    assertThat(tasks.join(LONG)).isTrue();
  }

  private static void doAll(TaskQueue<Integer> tasks) throws InterruptedException {
    int taken;
    do {
      taken = tasks.take();
      tasks.taskDone();
    } while (taken >= 0);
  }

  @Test
  void oneDoneTooManyIsRefused() throws Exception {
    TaskQueue<Integer> tasks = way().tasks();
    assertThatThrownBy(tasks::taskDone).isInstanceOf(IllegalStateException.class);
    tasks.put(1);
    assertThat(tasks.take()).isEqualTo(1);
    tasks.taskDone();
    assertThatThrownBy(tasks::taskDone).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whatIsRemovedUntakenIsDone() throws Exception {
    TaskQueue<Integer> tasks = way().tasks();
    for (int i = 0; i < 6; i++) {
      tasks.put(i);
    }
    assertThat(tasks.unfinishedTasks()).isEqualTo(6);
    assertThat(tasks.remove(3)).isTrue();
    assertThat(tasks.removeIf(x -> x > 3)).isTrue();
    assertThat(tasks.take()).isZero();
    tasks.clear();
    assertThat(peer(0).<Long>call(tasks::unfinishedTasks)).isEqualTo(1);
    assertThat(tasks.join(Deadlines.SHORT)).isFalse();
    tasks.taskDone();
    tasks.join();
  }
}

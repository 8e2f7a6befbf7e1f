package io.procession.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.testing.Deadlines;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A joinable queue is joined when all that was put is done.
abstract class JoinableQueueContract extends Contract {
  @Test
  void isJoinedWhenAllIsDone() throws Exception {
    Tasks<Integer> tasks = way().tasks();
    assertThat(tasks.join(Deadlines.SHORT)).isTrue();
    for (int i = 0; i < 10; i++) {
      tasks.queue().put(i);
    }
    assertThat(tasks.join(Deadlines.SHORT)).isFalse();
    List<Peer.Reply<Boolean>> others =
        way().peers().stream().map(peer -> peer.begin(() -> doAll(tasks))).toList();
    assertThat(tasks.join(LONG)).isTrue();
    assertThat(tasks.queue()).isEmpty();
    for (int i = 0; i < Way.PEERS; i++) {
      tasks.queue().put(-1);
    }
    for (Peer.Reply<Boolean> other : others) {
      other.get();
    }
    assertThat(tasks.join(LONG)).isTrue();
  }

  private static void doAll(Tasks<Integer> tasks) throws InterruptedException {
    int taken;
    do {
      taken = tasks.queue().take();
      tasks.taskDone();
    } while (taken >= 0);
  }

  @Test
  void oneDoneTooManyIsRefused() throws Exception {
    Tasks<Integer> tasks = way().tasks();
    assertThatThrownBy(tasks::taskDone).isInstanceOf(IllegalStateException.class);
    tasks.queue().put(1);
    assertThat(tasks.queue().take()).isEqualTo(1);
    tasks.taskDone();
    assertThatThrownBy(tasks::taskDone).isInstanceOf(IllegalStateException.class);
  }
}

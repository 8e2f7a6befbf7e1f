package io.procession.internal.arena;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.internal.posix.Until;
import io.procession.testing.Deadlines;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What ends a wait, for threads of both kinds.
class WaitingTest {
  private final Session session = Session.current();
  private final Waiting waiting = session.waiting();
  private final int cell = session.directory().allocate(CellKind.LOCK, "word");
  private final long word = Directory.body(cell);
  private final CountDownLatch begun = new CountDownLatch(1);

  @AfterEach
  void free() {
    session.directory().free(session.directory().ref(cell));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void interruptEndsIt(boolean virtual) throws Exception {
    FutureTask<Boolean> wait =
        new FutureTask<>(() -> {
          try {
            awaitChange(Waiting.forever());
            return false;
          } catch (InterruptedException e) {
            return true;
          }
        });
    Thread thread = start(virtual, wait);
    begun.await();
    thread.interrupt();
    assertThat(wait.get(Deadlines.MEDIUM.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    assertThat(thread.join(Deadlines.MEDIUM)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void changeEndsIt(boolean virtual) throws Exception {
    FutureTask<Boolean> wait = new FutureTask<>(() -> awaitChange(Waiting.forever()));
    Thread thread = start(virtual, wait);
    begun.await();
    Words.setIntVolatile(session.memory(), word, 1);
    waiting.wake(word, 1);
    assertThat(wait.get(Deadlines.MEDIUM.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    assertThat(thread.join(Deadlines.MEDIUM)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void deadlineEndsIt(boolean virtual) throws Exception {
    long deadline = Until.after(Deadlines.SHORT.toNanos());
    FutureTask<Boolean> wait = new FutureTask<>(() -> awaitChange(deadline));
    Thread thread = start(virtual, wait);
    assertThat(wait.get(Deadlines.MEDIUM.toMillis(), TimeUnit.MILLISECONDS)).isFalse();
    assertThat(System.nanoTime() - deadline).isNotNegative();
    assertThat(thread.join(Deadlines.MEDIUM)).isTrue();
  }

  private static Thread start(boolean virtual, Runnable work) {
    return virtual ? Thread.ofVirtual().start(work) : Thread.ofPlatform().start(work);
  }

  /// Returns whether the word has changed before the deadline.
  private boolean awaitChange(long deadline) throws InterruptedException {
    while (true) {
      int heard = waiting.bell();
      int value = Words.getIntVolatile(session.memory(), word);
      if (value != 0 || deadline - System.nanoTime() <= 0) {
        return value != 0;
      }
      begun.countDown();
      waiting.await(word, value, heard, deadline);
    }
  }
}

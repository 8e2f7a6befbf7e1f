package io.procession.sync;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.internal.arena.Session;
import io.procession.sync.SharedLockTest.Kind;
import io.procession.sync.SharedLockTest.ThrowingTask;
import io.procession.testing.Deadlines;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("platforms")
class SharedEventTest {
  private final SharedEvent event = SharedEvent.create("of-test");

  @AfterEach
  void destroy() {
    event.destroy();
  }

  @Test
  void isSetAndCleared() throws Exception {
    assertThat(event.isSet()).isFalse();
    assertThat(event).hasToString("SharedEvent[of-test, not set]");
    assertThat(event.await(5, MILLISECONDS)).isFalse();
    assertThat(event.await(-1, MILLISECONDS)).isFalse();
    event.clear();
    event.set();
    event.set();
    assertThat(event).hasToString("SharedEvent[of-test, set]");
    event.await();
    event.awaitUninterruptibly();
    assertThat(event.await(0, MILLISECONDS)).isTrue();
    event.clear();
    assertThat(event.isSet()).isFalse();
    try (var unnamed = SharedEvent.create()) {
      assertThat(unnamed.name()).matches("event-\\d+");
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void letsAllGoOnThoughItIsClearedAtOnce(Kind kind) throws Exception {
    var copy = (SharedEvent) SharedLockTest.sentObject(event);
    var waiters = new ArrayList<Thread>();
    for (int i = 0; i < 20; i++) {
      Thread waiter = kind.start(copy::awaitUninterruptibly);
      SharedLockTest.awaitWaiting(waiter);
      waiters.add(waiter);
    }
    event.set();
    event.clear();
    for (Thread waiter : waiters) {
      assertThat(waiter.join(Deadlines.LONG)).isTrue();
    }
    assertThat(event.await(1, MILLISECONDS)).as("is for those who come later").isFalse();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void interruptEndsOneWaitAndIsKeptByTheOther(Kind kind) throws Exception {
    var interrupted =
        new FutureTask<>(() -> {
          event.await();
          return null;
        });
    Thread first = kind.start(interrupted);
    SharedLockTest.awaitWaiting(first);
    first.interrupt();
    assertThatThrownBy(interrupted::get).hasCauseInstanceOf(InterruptedException.class);
    var kept =
        new FutureTask<>(() -> {
          event.awaitUninterruptibly();
          return Thread.currentThread().isInterrupted();
        });
    Thread second = kind.start(kept);
    SharedLockTest.awaitWaiting(second);
    second.interrupt();
    event.set();
    assertThat(kept.get()).isTrue();
    Thread.currentThread().interrupt();
    assertThatThrownBy(event::await).isInstanceOf(InterruptedException.class);
  }

  @Test
  void closedOrDestroyedItSaysSo() throws Exception {
    var copy = (SharedEvent) SharedLockTest.sentObject(event);
    event.close();
    assertThatThrownBy(event::isSet).hasMessageContaining("closed in this process: event=");
    assertThat(event).hasToString("SharedEvent[of-test, closed]");
    var waiter = new FutureTask<>(copy::awaitUninterruptibly, null);
    SharedLockTest.awaitWaiting(Kind.PLATFORM.start(waiter));
    copy.destroy();
    assertThatThrownBy(waiter::get).rootCause().hasMessageContaining("destroyed");
    for (ThrowingTask use :
        List.<ThrowingTask>of(copy::set, copy::clear, copy::isSet, copy::await)) {
      assertThatThrownBy(use::run)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("destroyed: event");
    }
  }

  @Test
  void givesItsCellBack() {
    int before = Session.current().directory().inUse();
    for (int i = 0; i < 10_000; i++) {
      SharedEvent.create().close();
    }
    assertThat(Session.current().directory().inUse()).isLessThanOrEqualTo(before);
  }
}

package io.procession.internal.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// For how long a burial waits for handlers.
class PatienceTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final LogInbox.Patience patience = new LogInbox.Patience();

  @Test
  void handlerThatWaitsIsGivenTwoSeconds() {
    assertThat(secondsWith(Thread.State.WAITING)).isEqualTo(2);
  }

  @Test
  void handlerThatSeemsToWorkIsGivenTen() {
    assertThat(secondsWith(Thread.State.RUNNABLE)).isEqualTo(10);
  }

  @Test
  void eachRecordThatIsDeliveredBeginsItAnew() {
    for (int i = 0; i < 100; i++) {
      patience.look(SECOND, i % 2 == 0, Thread.State.WAITING);
      assertThat(patience.isLeft()).isTrue();
    }
  }

  private int secondsWith(Thread.State state) {
    int seconds = 0;
    while (patience.isLeft()) {
      patience.look(SECOND, false, state);
      seconds++;
    }
    return seconds;
  }
}

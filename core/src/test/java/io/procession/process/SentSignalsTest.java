package io.procession.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.internal.posix.Signals;
import org.junit.jupiter.api.Test;

class SentSignalsTest {
  private static final int TERMINATED = 143;
  private static final int KILLED = 137;

  private final SentSignals signals = new SentSignals();

  @Test
  void whatWasNotSentExplainsNothing() {
    assertThat(signals.explaining(KILLED)).isZero();
    signals.send(Signals.SIGKILL, () -> false);
    assertThat(signals.explaining(KILLED)).isZero();
  }

  @Test
  void oneThatFitsExplainsTheEndWhateverCameLater() {
    signals.send(Signals.SIGTERM, () -> true);
    signals.send(Signals.SIGKILL, () -> true);
    assertThat(signals.explaining(TERMINATED)).isEqualTo(Signals.SIGTERM);
    assertThat(signals.explaining(KILLED)).isEqualTo(Signals.SIGKILL);
    assertThat(signals.explaining(3)).isEqualTo(Signals.SIGKILL);
  }

  @Test
  void oneThatComesAfterTheEndIsNotSentAtAll() {
    signals.end();
    signals.send(
        Signals.SIGKILL,
        () -> {
          throw new AssertionError("its pid may be another's");
        });
    assertThat(signals.explaining(KILLED)).isZero();
  }
}

package io.procession.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.internal.arena.ParticipantLayout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AutopsyTest {
  private static final int NONE = 0;
  private static final int RUNNING = ParticipantLayout.PHASE_RUNNING;
  private static final int EXITING = ParticipantLayout.PHASE_EXITING;
  private static final int BY_SIGNAL = ParticipantLayout.PHASE_EXITING_BY_SIGNAL;

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      delimiter = '|',
      value = {
        "0   | EXITING   | 0  | 0    | -       | p (pid 7) ended",
        "3   | EXITING   | 0  | 3    | -       | p (pid 7) exited with code 3",
        "1   | NONE      | 0  | 1    | -       | p (pid 7) exited with code 1 before its task began",
        "0   | NONE      | 0  | 0    | -       | p (pid 7) exited with code 0 before its task began",
        "137 | RUNNING   | 0  | -9   | SIGKILL | p (pid 7) was ended by SIGKILL",
        "137 | RUNNING   | 9  | -9   | SIGKILL | p (pid 7) was ended by SIGKILL, sent by its parent",
        "137 | NONE      | 0  | -9   | SIGKILL | p (pid 7) was ended by SIGKILL before its task began",
        "137 | EXITING   | 0  | 137  | -       | p (pid 7) exited with code 137 (or was ended by SIGKILL while it was exiting)",
        "137 | EXITING   | 9  | -9   | SIGKILL | p (pid 7) was ended by SIGKILL, sent by its parent",
        "143 | BY_SIGNAL | 0  | -15  | SIGTERM | p (pid 7) was ended by SIGTERM",
        "143 | EXITING   | 9  | 143  | -       | p (pid 7) exited with code 143 (or was ended by SIGTERM while it was exiting)",
        "134 | RUNNING   | 0  | -6   | SIGABRT | p (pid 7) was ended by SIGABRT",
        "255 | EXITING   | 0  | 255  | -       | p (pid 7) exited with code 255",
        "200 | RUNNING   | 0  | 200  | -       | p (pid 7) exited with code 200",
      })
  void statusAndPhaseTellHowItEnded(
      int status, String phase, int sent, int code, String signal, String sentence) {
    DeathCertificate certificate = Autopsy.examine(7, "p", status, phase(phase), sent);
    assertThat(certificate).isEqualTo(new DeathCertificate(7, "p", code, signal, sentence));
  }

  private static int phase(String name) {
    return switch (name) {
      case "RUNNING" -> RUNNING;
      case "EXITING" -> EXITING;
      case "BY_SIGNAL" -> BY_SIGNAL;
      default -> NONE;
    };
  }
}

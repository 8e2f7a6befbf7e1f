package io.procession.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.internal.arena.ParticipantLayout;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AutopsyTest {
  private static final CrashReport CRASH =
      new CrashReport("# text", "SIGSEGV (0xb), at V  [libjvm.so+0x1]  f");

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      delimiter = '|',
      value = {
        "0   | EXITING   | 0  | 0    | -       | ENDED            | ended",
        "3   | EXITING   | 0  | 3    | -       | EXIT_CODE        | exited with code 3",
        "1   | NONE      | 0  | 1    | -       | START_UP         | exited with code 1 before its task began",
        "0   | NONE      | 0  | 0    | -       | START_UP         | exited with code 0 before its task began",
        "2   | ARRIVED   | 0  | 2    | -       | START_UP         | exited with code 2 before its task began",
        "137 | RUNNING   | 0  | -9   | SIGKILL | SIGNAL           | was ended by SIGKILL",
        "137 | RUNNING   | 9  | -9   | SIGKILL | KILLED_BY_PARENT | was ended by SIGKILL, sent by its parent",
        "137 | NONE      | 0  | -9   | SIGKILL | SIGNAL           | was ended by SIGKILL before its task began",
        "137 | EXITING   | 0  | 137  | -       | EXIT_CODE        | exited with code 137 (or was ended by SIGKILL while it was exiting)",
        "137 | EXITING   | 9  | -9   | SIGKILL | KILLED_BY_PARENT | was ended by SIGKILL, sent by its parent",
        "143 | BY_SIGNAL | 0  | -15  | SIGTERM | SIGNAL           | was ended by SIGTERM",
        "143 | BY_SIGNAL | 15 | -15  | SIGTERM | STOPPED          | was ended by SIGTERM, sent by its parent",
        "143 | STOPPED   | 0  | -15  | SIGTERM | STOPPED          | was stopped by its parent",
        "143 | EXITING   | 9  | 143  | -       | EXIT_CODE        | exited with code 143 (or was ended by SIGTERM while it was exiting)",
        "134 | RUNNING   | 0  | -6   | SIGABRT | SIGNAL           | was ended by SIGABRT",
        "255 | EXITING   | 0  | 255  | -       | EXIT_CODE        | exited with code 255",
        "200 | RUNNING   | 0  | 200  | -       | HALT             | halted with code 200, without its exit hooks",
        "0   | RUNNING   | 0  | 0    | -       | HALT             | halted with code 0, without its exit hooks",
      })
  void statusAndPhaseTellHowItEnded(
      int status,
      String phase,
      int sent,
      int code,
      @Nullable String signal,
      DeathCause cause,
      String how) {
    DeathCertificate certificate = examine(new Evident(status, phase).sent(sent));
    assertThat(certificate)
        .isEqualTo(new DeathCertificate(7, "p", code, signal, cause, "p (pid 7) " + how, "", ""));
  }

  @ParameterizedTest
  @CsvSource({
    "1, EXITING, 1, EXCEPTION,   was ended by an exception of its task",
    "1, EXITING, 2, OUT_OF_HEAP, had no heap left",
    "1, ARRIVED, 2, OUT_OF_HEAP, had no heap left before its task began",
    "1, EXITING, 3, START_UP,    exited with code 1 before its task began",
    "9, RUNNING, 1, HALT,        'halted with code 9, without its exit hooks'",
    "5, EXITING, 2, EXIT_CODE,   exited with code 5",
  })
  void whatTheChildNotedCountsIfItIsWhatEndedIt(
      int status, String phase, int failure, DeathCause cause, String how) {
    DeathCertificate certificate = examine(new Evident(status, phase).failure(failure));
    assertThat(certificate.cause()).isEqualTo(cause);
    assertThat(certificate.sentence()).isEqualTo("p (pid 7) " + how);
  }

  @Test
  void exitThatIsOrderedForAFullHeapIsToldFromOtherExitsWithItsCode() {
    DeathCertificate full = examine(new Evident(3, "RUNNING").exitsWithoutHeap());
    assertThat(full.cause()).isEqualTo(DeathCause.OUT_OF_HEAP);
    assertThat(full.sentence()).isEqualTo("p (pid 7) had no heap left (or halted with code 3)");
    assertThat(examine(new Evident(3, "EXITING").exitsWithoutHeap()).cause())
        .isEqualTo(DeathCause.EXIT_CODE);
    assertThat(examine(new Evident(3, "RUNNING")).cause()).isEqualTo(DeathCause.HALT);
  }

  @Test
  void crashReportSaysMoreThanTheSignal() {
    DeathCertificate crashed = examine(new Evident(134, "RUNNING").crash(CRASH));
    assertThat(crashed.cause()).isEqualTo(DeathCause.NATIVE_CRASH);
    assertThat(crashed.exitCode()).isEqualTo(-6);
    assertThat(crashed.sentence())
        .isEqualTo("p (pid 7) crashed: SIGSEGV (0xb), at V  [libjvm.so+0x1]  f");
    assertThat(crashed.text()).isEqualTo(crashed.sentence() + "\n# text");
    CrashReport full =
        new CrashReport("#", "fatal error: OutOfMemory encountered: Java heap space");
    assertThat(examine(new Evident(134, "RUNNING").crash(full)).cause())
        .isEqualTo(DeathCause.OUT_OF_HEAP);
  }

  @Test
  void killsOfTheKernelAreToldWithTheirDoubt() {
    DeathCertificate sure =
        examine(new Evident(137, "RUNNING").kill(MemoryKills.Verdict.OF_THIS_GROUP));
    assertThat(sure.cause()).isEqualTo(DeathCause.OUT_OF_MEMORY);
    assertThat(sure.sentence())
        .isEqualTo(
            "p (pid 7) was ended by SIGKILL from the kernel: no memory was left in its control group");
    DeathCertificate likely =
        examine(new Evident(137, "RUNNING").kill(MemoryKills.Verdict.SOMEBODY));
    assertThat(likely.cause()).isEqualTo(DeathCause.OUT_OF_MEMORY);
    assertThat(likely.sentence()).contains("most likely");
  }

  @Test
  void startThatTakesTooLongIsOne() {
    DeathCertificate late = examine(new Evident(137, "NONE").sent(9).overdue());
    assertThat(late.cause()).isEqualTo(DeathCause.START_UP);
    assertThat(late.sentence())
        .isEqualTo(
            "p (pid 7) was ended by SIGKILL before its task began, sent by its parent: it had not"
                + " begun within its limit of PT1S");
  }

  private static DeathCertificate examine(Evident evident) {
    return Autopsy.examine(7, "p", evident.traces());
  }

  /// Traces, as one test needs them.
  private static final class Evident {
    private final int status;
    private final int phase;
    private int failure;
    private int sent;
    private @Nullable Duration overdue;
    private CrashReport crash = CrashReport.NONE;
    private boolean exits;
    private MemoryKills.Verdict kill = MemoryKills.Verdict.NONE;

    Evident(int status, String phase) {
      this.status = status;
      this.phase =
          switch (phase) {
            case "ARRIVED" -> ParticipantLayout.PHASE_ARRIVED;
            case "RUNNING" -> ParticipantLayout.PHASE_RUNNING;
            case "EXITING" -> ParticipantLayout.PHASE_EXITING;
            case "BY_SIGNAL" -> ParticipantLayout.PHASE_EXITING_BY_SIGNAL;
            case "STOPPED" -> ParticipantLayout.PHASE_STOPPED;
            default -> 0;
          };
    }

    Evident sent(int signal) {
      sent = signal;
      return this;
    }

    Evident failure(int noted) {
      failure = noted;
      return this;
    }

    Evident overdue() {
      overdue = Duration.ofSeconds(1);
      return this;
    }

    Evident crash(CrashReport report) {
      crash = report;
      return this;
    }

    Evident exitsWithoutHeap() {
      exits = true;
      return this;
    }

    Evident kill(MemoryKills.Verdict verdict) {
      kill = verdict;
      return this;
    }

    Traces traces() {
      return new Traces(status, phase, failure, sent, overdue, crash, exits, kill, "");
    }
  }
}

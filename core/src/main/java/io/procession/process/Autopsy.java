package io.procession.process;

import io.procession.internal.arena.Ending;
import io.procession.internal.arena.ParticipantLayout;
import io.procession.internal.posix.Signals;
import org.jspecify.annotations.Nullable;

/// Finds out how a child ended from what the kernel told its parent and the child noted of itself.
///
/// The JDK reports a death by signal N as status 128 + N, and HotSpot itself exits with 128 + N
/// after the shutdown hooks that SIGTERM, SIGHUP and SIGINT start. The phase tells them from an
/// exit with that number:
///
/// ```
/// phase              status > 128 means
/// none yet, running  signal
/// exiting by signal  signal
/// stopped            signal; with 143 it was asked to stop and did
/// exiting            exit code, unless we sent that very signal; a foreign SIGKILL in the midst
///                    of an orderly exit cannot be told from exit(137)
/// ```
final class Autopsy {
  private static final int SIGNALLED = 128;

  private Autopsy() {}

  /// @param status as [Process#exitValue] tells it
  /// @param phase how far the child came by its own account
  /// @param sent the last signal that its parent sent, 0 for none
  static DeathCertificate examine(long pid, String name, int status, int phase, int sent) {
    String who = name + " (pid " + pid + ") ";
    Ending ending = ending(status, phase, sent);
    return switch (ending.kind()) {
      case SIGNALLED -> {
        String signal = Signals.name(ending.code());
        boolean isAsked =
            ending.code() == Signals.SIGTERM && phase == ParticipantLayout.PHASE_STOPPED;
        String how =
            isAsked
                ? "was stopped by its parent"
                : "was ended by " + signal + early(phase) + by(sent, ending.code());
        yield new DeathCertificate(pid, name, -ending.code(), signal, who + how);
      }
      case EXITED_OR_SIGNALLED -> {
        String signal = Signals.name(status - SIGNALLED);
        String doubt = " (or was ended by " + signal + " while it was exiting)";
        yield new DeathCertificate(pid, name, status, null, who + exited(status, phase) + doubt);
      }
      case EXITED, GONE ->
          new DeathCertificate(pid, name, status, null, who + exited(status, phase));
    };
  }

  /// As [#examine], in short.
  static Ending ending(int status, int phase, int sent) {
    int number = status - SIGNALLED;
    if (Signals.name(number) == null) {
      return new Ending(Ending.Kind.EXITED, status);
    }
    boolean isDoubtful = phase == ParticipantLayout.PHASE_EXITING && sent != number;
    return isDoubtful
        ? new Ending(Ending.Kind.EXITED_OR_SIGNALLED, status)
        : new Ending(Ending.Kind.SIGNALLED, number);
  }

  private static String exited(int status, int phase) {
    return status == 0 && phase != 0 ? "ended" : "exited with code " + status + early(phase);
  }

  private static String early(int phase) {
    boolean isEarly = phase == 0 || phase == ParticipantLayout.PHASE_ARRIVED;
    return isEarly ? " before its task began" : "";
  }

  private static @Nullable String by(int sent, int number) {
    return sent == number ? ", sent by its parent" : "";
  }
}

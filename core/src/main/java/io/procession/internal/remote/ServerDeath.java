package io.procession.internal.remote;

import io.procession.internal.arena.Obituary;
import io.procession.internal.posix.Signals;
import io.procession.process.DeathCause;
import io.procession.process.DeathCertificate;
import org.jspecify.annotations.Nullable;

/// What a process knows of the death of a server that is not its child: what the server's parent has noted of it
/// in the session. That has no crash report and no last words.
final class ServerDeath {
  private static final int SIGNALLED = 128;

  private ServerDeath() {}

  /// The certificate; null if nobody knows how it ended.
  static @Nullable DeathCertificate certify(@Nullable Obituary obituary) {
    if (obituary == null) {
      return null;
    }
    int code = obituary.ending().code();
    return switch (obituary.ending().kind()) {
      case GONE -> null;
      case EXITED ->
          certificate(obituary, code, null, code == 0 ? DeathCause.ENDED : DeathCause.EXIT_CODE);
      case SIGNALLED -> certificate(obituary, -code, Signals.name(code), DeathCause.SIGNAL);
      case EXITED_OR_SIGNALLED -> // the signal is the likelier, and the sentence names both
          certificate(
              obituary, SIGNALLED - code, Signals.name(code - SIGNALLED), DeathCause.SIGNAL);
    };
  }

  private static DeathCertificate certificate(
      Obituary obituary, int exitCode, @Nullable String signal, DeathCause cause) {
    String sentence =
        obituary.name() + " (pid " + obituary.pid() + "), " + obituary.ending().text();
    return new DeathCertificate(
        obituary.pid(), obituary.name(), exitCode, signal, cause, sentence, "", "");
  }
}

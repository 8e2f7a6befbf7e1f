package io.procession.pool;

import io.procession.process.DeathCertificate;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A task ran longer than it may: the cause of its [TaskException].
///
/// Its own cause is what the task threw after it had been interrupted, if it did. Else the worker was
/// killed at the hard deadline, and there is a certificate. What the worker was at is printed with the
/// stack trace, and no part of the message.
public final class TaskTimeoutException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Duration limit;
  private final String dump;
  private final @Nullable DeathCertificate certificate;

  /// @param certificate of its worker, null if that lives
  TaskTimeoutException(
      String message,
      Duration limit,
      String dump,
      @Nullable DeathCertificate certificate,
      @Nullable Throwable cause) {
    super(message, cause);
    this.limit = limit;
    this.dump = dump;
    this.certificate = certificate;
    if (!dump.isEmpty()) {
      addSuppressed(new Dump(dump));
    }
  }

  /// Which limit it overran: the hard one if its worker was killed.
  ///
  /// @return the limit
  public Duration limit() {
    return limit;
  }

  /// What the worker was at when the deadline came: its heap and the stacks of its threads, that of the task
  /// first.
  ///
  /// @return the stacks, empty if the worker did not tell: it was stopped, say
  public String dump() {
    return dump;
  }

  /// How the worker ended.
  ///
  /// @return its certificate, empty if the task ended by itself after it had been interrupted
  public Optional<DeathCertificate> certificate() {
    return Optional.ofNullable(certificate);
  }

  /// Puts the dump into what is printed of the exception.
  private static final class Dump extends Throwable {
    private static final long serialVersionUID = 1L;

    Dump(String dump) {
      super("its worker at the deadline:\n" + dump.indent(2), null, false, false);
    }
  }
}

package io.procession.pool;

import io.procession.process.DeathCause;
import io.procession.process.DeathCertificate;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Why the pool kills a worker for the sake of the task that it runs.
sealed interface Doom {
  /// The cause that the certificate names.
  DeathCause cause();

  /// What stands behind the sentence of the certificate.
  String reason();

  /// Whether the task may be run again, if its retries allow that.
  boolean allowsRetry();

  /// The certificate of a worker that this has ended.
  default DeathCertificate certify(DeathCertificate plain) {
    return Death.told(plain, cause(), plain.sentence() + ": " + reason());
  }

  /// The task ran too long.
  ///
  /// @param soft the limit at which it was interrupted, null if it was not
  /// @param limit the hard limit
  /// @param dump what the worker said of itself before, empty if nothing
  record Overrun(@Nullable Duration soft, Duration limit, String dump) implements Doom {
    @Override
    public DeathCause cause() {
      return DeathCause.DEADLINE;
    }

    @Override
    public String reason() {
      return "its task ran longer than " + limit;
    }

    @Override
    public boolean allowsRetry() {
      return false;
    }
  }

  /// The worker had too much memory.
  ///
  /// @param resident how many bytes it had
  /// @param limit how many it may have
  record Memory(long resident, long limit) implements Doom {
    private static final long MIB = 1L << 20;

    @Override
    public DeathCause cause() {
      return DeathCause.MEMORY_LIMIT;
    }

    @Override
    public String reason() {
      return "it had " + resident / MIB + " MiB of memory, and may have " + limit / MIB + " MiB";
    }

    @Override
    public boolean allowsRetry() {
      return true;
    }
  }

  /// The task was cancelled, and did not end.
  record Cancelled() implements Doom {
    @Override
    public DeathCause cause() {
      return DeathCause.KILLED_BY_PARENT;
    }

    @Override
    public String reason() {
      return "its task was cancelled and did not end";
    }

    @Override
    public boolean allowsRetry() {
      return false;
    }
  }
}

package io.procession.pool;

import io.procession.process.DeathCertificate;
import java.util.List;

/// A task was given up because too many workers have died of it, although it may be run again: the cause of
/// its [TaskException]. How many are too many is said by [PoolOptions#quarantine].
public final class QuarantinedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // an unmodifiable list of the JDK
  private final List<DeathCertificate> certificates;

  /// @param deaths how many there were, of which there may be fewer certificates
  QuarantinedException(List<DeathCertificate> certificates, int deaths) {
    super(message(certificates, deaths));
    this.certificates = List.copyOf(certificates);
  }

  private static String message(List<DeathCertificate> certificates, int deaths) {
    StringBuilder text = new StringBuilder("workers have died of the task: deaths=");
    text.append(deaths);
    for (DeathCertificate certificate : certificates) {
      text.append("\n  ").append(certificate.sentence());
    }
    return text.append('\n').append(certificates.getLast().text()).toString();
  }

  /// How the workers ended; of more than twenty the first ten and the last ten.
  ///
  /// @return their certificates, the first death first; unmodifiable
  public List<DeathCertificate> certificates() {
    return certificates;
  }
}

package io.procession.pool;

import io.procession.process.DeathCertificate;

/// A worker died while it ran a task: the cause of that task's [TaskException].
public final class WorkerDiedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final DeathCertificate certificate;

  WorkerDiedException(DeathCertificate certificate) {
    super(certificate.sentence());
    this.certificate = certificate;
  }

  /// How the worker ended.
  ///
  /// @return its certificate
  public DeathCertificate certificate() {
    return certificate;
  }
}

package io.procession.pool;

import io.procession.process.DeathCertificate;

/// A worker died while it ran a task: the cause of that task's [TaskException]. Its message is the text of
/// the worker's certificate, with its last words.
public final class WorkerDiedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final DeathCertificate certificate;

  WorkerDiedException(DeathCertificate certificate) {
    super(certificate.text());
    this.certificate = certificate;
  }

  /// How the worker ended.
  ///
  /// @return its certificate
  public DeathCertificate certificate() {
    return certificate;
  }
}

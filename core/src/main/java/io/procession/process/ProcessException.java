package io.procession.process;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Another process did not do what it was asked for: mostly because it has ended.
public class ProcessException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final @Nullable DeathCertificate certificate;

  /// Creates an exception without a certificate.
  ///
  /// @param message what happened, with the process's name
  /// @param cause why; null if nothing is known
  public ProcessException(String message, @Nullable Throwable cause) {
    super(message, cause);
    this.certificate = null;
  }

  /// Creates an exception for a process that has ended.
  ///
  /// @param message what happened, with the process's name
  /// @param certificate how it ended
  public ProcessException(String message, DeathCertificate certificate) {
    super(message);
    this.certificate = certificate;
  }

  /// How the process ended. The process that had started it knows most; others of its session know what that one has
  /// noted of it, without a crash report and last words, and processes of other sessions nothing.
  ///
  /// @return the certificate; empty if it is not known here
  public Optional<DeathCertificate> certificate() {
    return Optional.ofNullable(certificate);
  }
}

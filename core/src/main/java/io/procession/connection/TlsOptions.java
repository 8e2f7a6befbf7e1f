package io.procession.connection;

import io.procession.internal.check.Require;
import javax.net.ssl.SSLContext;

/// TLS for TCP connections.
///
/// Defaults: a client checks that the certificate is of the host that it asked for, by the rules of
/// HTTPS; a listener asks for no certificate.
///
/// A release may add components: make them by `of` and its methods, not by the constructor.
///
/// @param context certificates, keys and whom to trust
/// @param endpointIdentification the JDK's name of the rules by which a client checks the host, such
///     as `HTTPS`; empty for no check
/// @param needsClientCertificate whether a listener refuses clients without a certificate
public record TlsOptions(
    SSLContext context, String endpointIdentification, boolean needsClientCertificate) {

  /// Checks the options.
  public TlsOptions {
    Require.notNull("context", context);
    Require.notNull("endpointIdentification", endpointIdentification);
  }

  /// The default options.
  ///
  /// @param context certificates, keys and whom to trust
  /// @return options that check the host
  public static TlsOptions of(SSLContext context) {
    return new TlsOptions(context, "HTTPS", false);
  }

  /// Sets by which rules a client checks the host's name.
  ///
  /// @param rules the JDK's name of them, such as `HTTPS` or `LDAPS`; empty for no check
  /// @return options with these rules
  public TlsOptions withEndpointIdentification(String rules) {
    return new TlsOptions(context, rules, needsClientCertificate);
  }

  /// Sets whether a listener refuses clients without a certificate that the context trusts.
  ///
  /// @param needs whether it does
  /// @return options with that
  public TlsOptions withClientCertificate(boolean needs) {
    return new TlsOptions(context, endpointIdentification, needs);
  }
}

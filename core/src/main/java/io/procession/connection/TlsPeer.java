package io.procession.connection;

/// Whom a client of TLS asked for: what the server's certificate is checked against.
///
/// @param host a name, or the digits of an address
/// @param port the TCP port
record TlsPeer(String host, int port) {}

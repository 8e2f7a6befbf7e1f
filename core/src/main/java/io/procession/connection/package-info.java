/// Connections between processes: pipes, listeners and clients over sockets, authentication, and waiting
/// for any of several. Floor 4.
///
/// [Pipe][io.procession.connection.Pipe] is a pair of connections within the session;
/// [Listener][io.procession.connection.Listener] and [Client][io.procession.connection.Client] make them
/// between programs, at an [Address][io.procession.connection.Address];
/// [ConnectionOptions][io.procession.connection.ConnectionOptions] say who is trusted;
/// [Waitable][io.procession.connection.Waitable] waits for the first of many.
///
/// @serial exclude
@NullMarked
package io.procession.connection;

import org.jspecify.annotations.NullMarked;

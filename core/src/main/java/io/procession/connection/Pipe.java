package io.procession.connection;

/// A pair of connections: what is sent into one is received from the other.
///
/// Give one end to another process and keep the other. Closing a pipe closes both ends in this
/// process; the other process's end stays. The pipe itself, with messages that nobody has received,
/// is there until neither end is open anywhere: [Connection] says when an end is.
///
/// @param first one end; of a one-way pipe the end to receive from
/// @param second the other end; of a one-way pipe the end to send into
public record Pipe(Connection first, Connection second) implements AutoCloseable {

  /// Makes a pipe whose ends can both send and receive.
  ///
  /// @return the pipe
  public static Pipe duplex() {
    return PipeChannel.open(PipeChannel.newName(), true);
  }

  /// Makes a pipe whose ends can both send and receive.
  ///
  /// @param name for messages; need not be unique, and is cut to 32 bytes where it was received
  /// @return the pipe
  public static Pipe duplex(String name) {
    return PipeChannel.open(name, true);
  }

  /// Makes a pipe whose first end can only receive and whose second can only send.
  ///
  /// @return the pipe
  public static Pipe oneWay() {
    return PipeChannel.open(PipeChannel.newName(), false);
  }

  /// Makes a pipe whose first end can only receive and whose second can only send.
  ///
  /// @param name for messages; need not be unique, and is cut to 32 bytes where it was received
  /// @return the pipe
  public static Pipe oneWay(String name) {
    return PipeChannel.open(name, false);
  }

  /// Closes both ends in this process.
  @Override
  public void close() {
    first.close();
    second.close();
  }
}

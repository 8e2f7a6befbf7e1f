package io.procession.internal.posix;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;

/// How this platform makes stream sockets.
public interface Sockets {
  /// Listens at an address; an Internet one with port 0 gets a free port. The file of a Unix domain
  /// socket is made, and is its owner's alone from the first.
  ///
  /// @param backlog how many connections may wait to be accepted
  /// @throws IOException if the system refuses
  ListeningSocket listen(SocketName name, int backlog) throws IOException;

  /// Connects to an address.
  ///
  /// @throws SocketTimeoutException at the deadline
  /// @throws ConnectException if nobody listens there
  /// @throws IOException if the system refuses for another reason
  StreamSocket connect(SocketName name, long deadline) throws IOException, InterruptedException;

  /// Those of this JVM's platform.
  static Sockets current() {
    return switch (Platform.current()) {
      case NATIVE -> NativeSockets.INSTANCE;
      case PORTABLE -> PortableSockets.INSTANCE;
    };
  }
}

package io.procession.connection;

import io.procession.serial.Handle;

/// What handles of connections name: the class that attaches them says which end it is.
final class PipeEnds {
  private PipeEnds() {}

  static final class First {
    private First() {}

    static Connection attach(Handle handle) {
      return PipeChannel.attach(handle, End.FIRST);
    }
  }

  static final class Second {
    private Second() {}

    static Connection attach(Handle handle) {
      return PipeChannel.attach(handle, End.SECOND);
    }
  }
}

package io.procession.connection;

import java.util.List;

class PipeBytesTest extends ByteMessagesContract {
  @Override
  List<Connection> connect() {
    Pipe pipe = Pipe.duplex();
    return List.of(pipe.first(), pipe.second());
  }
}

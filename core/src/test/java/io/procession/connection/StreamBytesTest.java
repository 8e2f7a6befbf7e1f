package io.procession.connection;

import io.procession.serial.Codec;
import java.util.List;

class StreamBytesTest extends ByteMessagesContract {
  @Override
  List<Connection> connect() {
    var traits = new StreamTraits(Codec.standard(), ConnectionOptions.MAX_MESSAGE_BYTES, true);
    return PipedStream.pair().stream().map(stream -> Connection.over(stream, traits)).toList();
  }
}

package io.procession.connection;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.Tag;

@Tag("platforms")
class SocketBytesTest extends ByteMessagesContract {
  @Override
  @SuppressWarnings("MustBeClosed") // the contract closes them
  List<Connection> connect() {
    ConnectionOptions options = ConnectionOptions.defaults().withObjectsFromAnyone(true);
    try (Listener listener = Listener.open(Address.of("127.0.0.1:0"), options)) {
      Connection near = Client.connect(listener.address(), options);
      return List.of(near, listener.accept());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}

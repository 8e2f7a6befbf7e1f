package io.procession.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.connection.Address;
import io.procession.connection.AuthKey;
import io.procession.connection.Certificates;
import io.procession.connection.TlsOptions;
import io.procession.serial.ByteSink;
import io.procession.serial.ByteSource;
import io.procession.serial.Codec;
import io.procession.serial.SerializableCallable;
import io.procession.testing.ChildJvm;
import io.procession.testing.Deadlines;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Managers that are reached by Unix domain sockets, by TLS, and with a codec of one's own.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
@SuppressWarnings("LockNotBeforeTry") // locks are what is tested
class ManagerWaysIT {
  private static final String KEY = "a key of this test";

  private static ManagerOptions options(Address address) {
    return ManagerOptions.defaults().withAddress(address).withAuthKey(AuthKey.of(KEY));
  }

  /// In a process of another session.
  private static void use(ManagerOptions options) throws Exception {
    SyncManager client = new SyncManager(options).connect();
    BlockingQueue<Object> queue = client.queue();
    queue.put(List.of("hello", 1));
    assertThat(queue.take()).isEqualTo(List.of("hello", 1));
    Lock lock = client.lock();
    lock.lock();
    assertThatThrownBy(lock::lock).isInstanceOf(IllegalMonitorStateException.class);
    client.pipeline(p -> {
      p.run(queue, q -> q.put("a"));
      p.run(queue, q -> q.put("b"));
    });
    assertThat(queue).hasSize(2);
    client.close();
  }

  @Test
  void overAUnixDomainSocket(@TempDir Path folder) {
    Address address = Address.unix(folder.resolve("manager"));
    try (SyncManager manager = new SyncManager(options(address)).start()) {
      assertThat(manager.address()).contains(address);
      try (ChildJvm stranger = ChildJvm.body(() -> use(options(address))).start()) {
        assertThat(stranger.join(Deadlines.LONG)).as("%s", stranger.err()).isZero();
      }
    }
  }

  @Test
  void overTls(@TempDir Path folder) throws Exception {
    var _ = Certificates.context(folder);
    String file = folder.resolve("key.p12").toString();
    SerializableCallable<TlsOptions> tls = () -> TlsOptions.of(Certificates.made(Path.of(file)));
    try (SyncManager manager =
        new SyncManager(options(Address.tcp("localhost", 0)).withTls(tls)).start()) {
      Address address = manager.address().orElseThrow();
      try (ChildJvm stranger =
          ChildJvm.body(
                  () -> {
                    use(
                        options(address)
                            .withTls(() -> TlsOptions.of(Certificates.made(Path.of(file)))));
                  })
              .start()) {
        assertThat(stranger.join(Deadlines.LONG)).as("%s", stranger.err()).isZero();
      }
      // one without it waits for a greeting that never comes
      try (ChildJvm stranger =
          ChildJvm.body(() ->
                  assertThatThrownBy(() -> use(options(address))).isInstanceOf(IOException.class))
              .flags("-Dprocession.handshake.millis=500")
              .start()) {
        assertThat(stranger.join(Deadlines.LONG)).as("%s", stranger.err()).isZero();
      }
    }
  }

  /// Writes what the standard codec does with all bits turned.
  private static final class Turned implements Codec {
    private static final long serialVersionUID = 1L;

    @Override
    public void encode(@Nullable Object value, ByteSink out) {
      ByteSink plain = new ByteSink();
      Codec.standard().encode(value, plain);
      out.putInt(plain.length());
      for (byte each : plain.toByteArray()) {
        out.putByte(~each);
      }
    }

    @Override
    public @Nullable Object decode(ByteSource in) throws IOException, ClassNotFoundException {
      byte[] bytes = in.getBytes(in.getInt());
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) ~bytes[i];
      }
      return Codec.standard().decode(new ByteSource(bytes));
    }
  }

  @Test
  void withAnotherCodec() {
    ManagerOptions options = options(Address.tcp("localhost", 0)).withCodec(new Turned());
    try (SyncManager manager = new SyncManager(options).start()) {
      Address address = manager.address().orElseThrow();
      try (ChildJvm stranger =
          ChildJvm.body(
                  () -> {
                    use(options(address).withCodec(new Turned()));
                    assertThatThrownBy(() -> use(options(address))) // with the standard one
                        .isInstanceOf(IOException.class);
                  })
              .start()) {
        assertThat(stranger.join(Deadlines.LONG)).as("%s", stranger.err()).isZero();
      }
    }
  }
}

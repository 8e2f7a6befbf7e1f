package io.procession.internal.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.connection.Pipe;
import io.procession.serial.ByteSink;
import io.procession.serial.Codec;
import io.procession.testing.Deadlines;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Calls whose caller is gone before they are done, or begun.
class CallLoopTest {
  private static final AtomicReference<@Nullable Runnable> AS_IT_IS_READ = new AtomicReference<>();

  private final Dispatch dispatch = new Dispatch(List.of(), () -> {});
  private final Peer peer = new Peer("id", "name", ReplyLimit.NONE, dispatch.objects(), false);
  private final AtomicInteger begun = new AtomicInteger();

  /// Does something as it is decoded, which is after it was received, and before the call begins.
  private record Sign() implements Serializable {
    private Object readResolve() {
      Runnable action = AS_IT_IS_READ.get();
      if (action != null) {
        action.run();
      }
      return this;
    }
  }

  @AfterEach
  void forget() {
    AS_IT_IS_READ.set(null);
  }

  private Request callOf(Consumer<Object> referent, Object argument) throws RequestException {
    Kind kind = Kind.of(new ServedType("task", Consumer.class, null, null, null, null, Map.of()));
    String ident = dispatch.objects().add(kind, referent).ident();
    return new Request(ident, "accept", new Object[] {argument}, 1);
  }

  private static byte[] encoded(Request request) {
    ByteSink sink = new ByteSink();
    Codec.standard().encode(request.message(), sink);
    return sink.toByteArray();
  }

  private void serve(Request request) throws Exception {
    Pipe pipe = Pipe.duplex();
    try (pipe) {
      Thread thread =
          Thread.ofPlatform()
              .start(() -> {
                CallLoop loop = new CallLoop(dispatch, peer, pipe.second(), Codec.standard(), null);
                assertThat(peer.add(1, loop)).isTrue();
                loop.run();
              });
      pipe.first().send(request.message());
      assertThat(thread.join(Deadlines.LONG)).isTrue();
    }
  }

  @Test
  void requestOfWhoIsGoneIsNotBegun() throws Exception {
    AS_IT_IS_READ.set(peer::die);
    serve(callOf(_ -> begun.incrementAndGet(), new Sign()));
    assertThat(begun).hasValue(0);
  }

  @Test
  void batchOfWhoIsGoneDoesNotGoOn() throws Exception {
    byte[] call =
        encoded(
            callOf(
                _ -> {
                  begun.incrementAndGet();
                  peer.die();
                  assertThat(Thread.interrupted()).as("as who waits would be").isTrue();
                },
                "anything"));
    serve(new Request(null, Wire.BATCH, new Object[] {call, call, call}, 1));
    assertThat(begun).hasValue(1);
  }
}

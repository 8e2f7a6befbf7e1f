package io.procession.internal.remote;

import io.procession.serial.ByteSink;
import io.procession.serial.ByteSource;
import io.procession.serial.Codec;
import io.procession.serial.NotSendableException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Carries out the calls of a batch, one after the other, each as if it had come alone.
///
/// Replies go out whenever there are many bytes of them: what a server keeps of results is bounded,
/// whatever a batch asks for.
final class CallBatchLoop {
  private static final int MANY_BYTES = 64 << 10;

  /// What one reply more takes beside its bytes, and what surrounds all, at most.
  private static final int FRAME_BYTES = 16;

  private static final int ENVELOPE_BYTES = 256;

  private final Dispatch dispatch;
  private final Peer peer;
  private final Codec codec;
  private final long many;
  private final ReplyLimit limit;
  private final ByteSink sink;
  private final List<byte[]> replies = new ArrayList<>();
  private final List<ServedObject> granted = new ArrayList<>();
  private long bytes;

  CallBatchLoop(Dispatch dispatch, Peer peer, Codec codec) {
    this.dispatch = dispatch;
    this.peer = peer;
    this.codec = codec;
    this.many = Math.min(MANY_BYTES, peer.mostBytes() / 4);
    this.limit = peer.limit();
    this.sink = limit.sink();
  }

  /// Carries out one request.
  ///
  /// @return whether so much is to be sent that it should be
  boolean add(@Nullable Object encoded) throws IOException, InterruptedException {
    List<ServedObject> given = new ArrayList<>(0);
    byte[] reply = encode(reply(encoded, given), given);
    granted.addAll(given);
    replies.add(reply);
    bytes += reply.length + FRAME_BYTES;
    return bytes >= many;
  }

  private @Nullable Object[] reply(@Nullable Object encoded, List<ServedObject> given) {
    try {
      return encoded instanceof byte[] request
          ? Objects.requireNonNull(
              dispatch.reply(
                  peer, Request.read(codec.decode(new ByteSource(request))), given, null))
          : Wire.reply(Wire.TRACEBACK, "a batch is of requests as bytes");
    } catch (IOException | ClassNotFoundException e) {
      return Wire.reply(Wire.TRACEBACK, "the request cannot be read: " + e.getMessage());
    }
  }

  private byte[] encode(@Nullable Object[] reply, List<ServedObject> given)
      throws IOException, InterruptedException {
    sink.reset();
    try {
      dispatch.encoding(
          peer,
          given,
          reply,
          () -> {
            limit.encode(reply, codec, sink, many + ENVELOPE_BYTES);
            return null;
          });
    } catch (NotSendableException e) {
      refuse(Wire.UNSERIALIZABLE, e, given);
    } catch (TooLongException e) {
      refuse(Wire.TOO_LONG, e, given);
    }
    return sink.toByteArray();
  }

  private void refuse(String kind, Exception reason, List<ServedObject> given) {
    peer.takeBack(given);
    sink.reset();
    codec.encode(Wire.reply(kind, String.valueOf(reason.getMessage())), sink);
  }

  /// What is to be sent now.
  ///
  /// @param kind [Wire#REPLIES], or [Wire#RETURN] for the last
  @Nullable Object[] taken(String kind) {
    Object[] some = replies.toArray();
    replies.clear();
    bytes = 0;
    return Wire.reply(kind, some);
  }

  /// It was sent, and what it granted is the peer's now.
  void sent() {
    granted.clear();
  }

  /// It was not sent.
  void takeBack() {
    peer.takeBack(granted);
  }
}

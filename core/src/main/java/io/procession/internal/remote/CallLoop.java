package io.procession.internal.remote;

import io.procession.connection.Connection;
import io.procession.internal.posix.Asleep;
import io.procession.internal.posix.Uninterrupted;
import io.procession.internal.watch.Prompt;
import io.procession.serial.ByteSink;
import io.procession.serial.Codec;
import io.procession.serial.Handle;
import io.procession.serial.NotSendableException;
import java.io.EOFException;
import java.io.IOException;
import java.io.ObjectStreamException;
import java.net.ProtocolException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Serves the calls of one connection, one after the other, in a thread of its own, on behalf of the
/// thread at the other end.
///
/// A call that is to be cancelled gets its thread interrupted, and none but that call: both ends count
/// the calls of a connection, and the count is compared, and the interrupt cleared, with the lock held.
///
/// A call that waits for others has no thread here: the loop goes on to the next request, which does not
/// come before the caller has the answer, and the answer is sent by the thread that has it. That one must
/// not be held up: a caller of the session has room for the answer, and so has a stranger who has read
/// those before; to one who has not, a thread of its own sends it.
final class CallLoop {
  /// So much memory for replies is kept by a caller that may not call again for long.
  private static final int KEPT_BYTES = 16 << 10;

  private final Dispatch dispatch;
  private final Peer peer;
  private final Connection connection;
  private final Codec codec;
  private final @Nullable Refusals refusals;
  private final Thread thread = Thread.currentThread();
  private final ReplyLimit limit;
  private ByteSink sink;

  private boolean hasPended; // the last call, known to this thread only

  // guarded by this
  private long call;
  private boolean isCalling;
  private @Nullable Deferred deferred; // the call that is answered later
  private long
      cancelled; // the last call that was to be cancelled: that may be heard of before the call

  /// @param codec the connection's
  /// @param refusals notes what a stranger wanted in vain; null if it is none
  CallLoop(
      Dispatch dispatch,
      Peer peer,
      Connection connection,
      Codec codec,
      @Nullable Refusals refusals) {
    this.dispatch = dispatch;
    this.peer = peer;
    this.connection = connection;
    this.codec = codec;
    this.refusals = refusals;
    this.limit = peer.limit();
    this.sink = limit.sink().keepingHandles();
  }

  /// Serves until the connection ends.
  void run() {
    try {
      while (true) {
        serveOne();
      }
    } catch (EOFException e) {
      // nobody calls any more
    } catch (ProtocolException e) {
      if (refusals != null) {
        refusals.noteEnd(peer, e.getMessage());
      }
    } catch (IOException | InterruptedException e) {
      // the connection was broken, or closed by the end of the peer or of the server
    } finally {
      connection.close();
    }
  }

  private void serveOne() throws IOException, InterruptedException {
    Request request;
    try {
      boolean isLong = hasPended && isPending();
      hasPended = false;
      request = Request.read(isLong ? Asleep.await(connection::recv) : connection.recv());
    } catch (ObjectStreamException e) {
      begin();
      answer(note(Wire.reply(Wire.TRACEBACK, "the request cannot be read: " + e.getMessage())));
      return;
    }
    begin();
    if (request != null && request.isBatch()) {
      serve(request.arguments());
      return;
    }
    List<ServedObject> granted = new ArrayList<>(0);
    @Nullable Object[] answer = dispatch.reply(peer, request, granted, this);
    if (answer == null) {
      pend();
      return;
    }
    @Nullable Object[] reply = note(answer);
    finish();
    try {
      dispatch.encoding(
          peer,
          granted,
          reply,
          () -> {
            send(reply);
            return null;
          });
    } catch (NotSendableException e) {
      peer.takeBack(granted);
      connection.send(Wire.reply(Wire.UNSERIALIZABLE, String.valueOf(e.getMessage())));
    } catch (TooLongException e) {
      peer.takeBack(granted);
      connection.send(Wire.reply(Wire.TOO_LONG, String.valueOf(e.getMessage())));
    } catch (IOException e) {
      peer.takeBack(granted);
      throw e;
    }
  }

  /// Sends a reply, unless the caller would refuse it, and could receive nothing afterwards.
  private void send(@Nullable Object[] reply) throws IOException, InterruptedException {
    if (refusals == null) {
      connection.send(reply);
      return;
    }
    try {
      limit.encode(reply, codec, sink, 0);
      sink.handles().forEach(Handle::leave);
      connection.sendBytes(sink.array(), 0, sink.length());
    } finally {
      if (sink.array().length > KEPT_BYTES) {
        sink = limit.sink().keepingHandles();
      } else {
        sink.reset();
      }
    }
  }

  private void serve(@Nullable Object[] batch) throws IOException, InterruptedException {
    CallBatchLoop loop = new CallBatchLoop(dispatch, peer, codec);
    for (int i = 0; i < batch.length && !isCancelled(); i++) {
      if (loop.add(batch[i])) {
        finish();
        send(loop, Wire.REPLIES);
        goOn();
      }
      batch[i] = null; // it is done with, and its memory free
    }
    finish();
    send(loop, Wire.RETURN);
  }

  private void send(CallBatchLoop loop, String kind) throws IOException, InterruptedException {
    boolean isSent = false;
    try {
      send(loop.taken(kind));
      loop.sent();
      isSent = true;
    } finally {
      if (!isSent) {
        loop.takeBack();
      }
    }
  }

  private void answer(@Nullable Object[] reply) throws IOException, InterruptedException {
    finish();
    connection.send(reply);
  }

  /// A request that could not be carried out is told to the caller, and noted.
  private @Nullable Object[] note(@Nullable Object[] reply) {
    if (refusals != null && Wire.TRACEBACK.equals(reply[0])) {
      refusals.note(peer, String.valueOf(reply[1]));
    }
    return reply;
  }

  private synchronized void begin() throws IOException {
    if (peer.isGone()) {
      throw new EOFException("nobody waits for the answer"); // nor is anything to be done
    }
    if (deferred != null) {
      throw new ProtocolException("a request before the answer to the one before");
    }
    call++;
    goOn();
  }

  /// The call under way may be answered later.
  synchronized Deferred defer() {
    Deferred later = new Deferred(this);
    deferred = later;
    return later;
  }

  /// The call under way waits for others.
  private void pend() {
    hasPended = true;
    Deferred unwanted = null;
    boolean isGone;
    synchronized (this) {
      isCalling = false;
      boolean _ = Thread.interrupted(); // meant for that call
      isGone = peer.isGone();
      if (isGone || cancelled == call) {
        unwanted = deferred;
      }
    }
    if (unwanted != null) {
      unwanted.cancel(isGone);
    }
  }

  private synchronized boolean isPending() {
    return deferred != null && !peer.isGone();
  }

  /// Sends the answer to a call that has waited, by a thread that serves another caller.
  void answerLater(Deferred answered, @Nullable Object[] reply) {
    synchronized (this) {
      if (!answered.equals(deferred)) {
        return;
      }
      deferred = null;
    }
    if (refusals == null) {
      sendLate(reply);
    } else if (!sendPromptly(reply)) {
      Thread.ofVirtual().name("procession-answer").start(() -> sendLate(reply));
    }
  }

  /// Tells a caller of the session that its call waits for others, before anybody else can answer it: it
  /// sleeps meanwhile, and leaves the processors to them.
  void sayWaits() {
    if (refusals == null) {
      sendLate(Wire.reply(Wire.WAITS, null));
    }
  }

  /// Sends an answer, if that needs no waiting.
  private boolean sendPromptly(@Nullable Object[] reply) {
    try {
      return Prompt.send(connection, reply);
    } catch (IOException | RuntimeException e) {
      connection.close(); // its loop ends by that
      return true;
    }
  }

  private void sendLate(@Nullable Object[] reply) {
    try {
      Uninterrupted.await(() -> connection.send(reply)); // interrupted, it has sent nothing
    } catch (IOException | RuntimeException e) {
      connection.close(); // its loop ends by that
    }
  }

  /// Whether nobody wants what is left of the call.
  private synchronized boolean isCancelled() {
    return cancelled == call || peer.isGone();
  }

  private synchronized void goOn() {
    isCalling = true;
    if (isCancelled()) {
      thread.interrupt();
    }
  }

  private synchronized void finish() {
    isCalling = false;
    deferred = null;
    boolean _ = Thread.interrupted(); // meant for that call
  }

  /// Interrupts a call, if it is under way or still to come.
  void cancel(long which) {
    Deferred waiting;
    synchronized (this) {
      cancelled = which;
      if (isCalling && which == call) {
        thread.interrupt();
      }
      waiting = !isCalling && which == call ? deferred : null;
    }
    if (waiting != null) {
      waiting.cancel(false);
    }
  }

  /// The peer is gone, and knows it: ends a call that is under way, and then the loop.
  void end() {
    connection.close();
    Deferred waiting;
    synchronized (this) {
      if (isCalling) {
        thread.interrupt();
      }
      waiting = isCalling ? null : deferred;
    }
    if (waiting != null) {
      waiting.cancel(true);
    }
  }

  @Override
  public String toString() {
    return "calls of " + peer + " on " + connection;
  }
}

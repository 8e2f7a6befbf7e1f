package io.procession.internal.remote;

import io.procession.internal.posix.Until;
import io.procession.process.ProcessException;
import io.procession.process.RemoteCallException;
import io.procession.serial.ByteSink;
import io.procession.serial.ByteSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/// Calls that are recorded, and then sent together. The server carries them out in their order, and
/// answers to all at once.
///
/// Each is encoded as it is recorded: so what cannot be sent fails there, and it is known how much
/// there is. One that cannot be read at the server fails alone.
///
/// Used by one thread at a time.
public final class CallBatch {
  private static final int MOST_CALLS = 1024;
  private static final int MOST_BYTES = 256 << 10;

  /// What one request more takes beside its bytes, and what surrounds all, at most.
  private static final int FRAME_BYTES = 16;

  private static final int ENVELOPE_BYTES = 256;

  private final ServerLink link;
  private final ByteSink sink = new ByteSink();
  private List<byte[]> requests = new ArrayList<>();
  private List<Entry> entries = new ArrayList<>();
  private long bytes;

  /// A call that is recorded.
  ///
  /// @param method its word
  /// @param outcome whom to tell what has become of it
  /// @param kept what must not be given back to the server before it is sent
  private record Entry(String method, Outcome outcome, Object kept) {}

  /// What is told of a call.
  public interface Outcome {
    /// Tells what it has come to: what it returned, unless it threw something.
    void settle(@Nullable Object result, @Nullable Throwable thrown);
  }

  /// @param link the server
  public CallBatch(ServerLink link) {
    this.link = link;
  }

  /// Records a call. When there is so much that it ought to be sent, before it or with it, it is.
  ///
  /// @throws io.procession.serial.NotSendableException if it cannot be sent; it is not recorded then
  void add(
      RemoteReference object,
      String method,
      @Nullable Object[] arguments,
      Outcome outcome,
      CallBatchStub.Sender sender) {
    Request request = link.request(object.ident(), method, arguments);
    byte[] encoded;
    try {
      encoded =
          ServerLink.talking(
              link,
              () -> {
                sink.reset();
                link.codec().encode(request.message(), sink);
                return sink.toByteArray();
              });
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException("nothing is sent yet", e);
    }
    long size = (long) encoded.length + FRAME_BYTES;
    RequestLimit limit = link.lines().limit();
    limit.check(size + ENVELOPE_BYTES);
    if (bytes + size > limit.mostBytes() - ENVELOPE_BYTES) {
      sender.send();
    }
    requests.add(encoded);
    entries.add(new Entry(method, outcome, new Object[] {object, arguments}));
    bytes += size;
    if (requests.size() >= MOST_CALLS || bytes >= MOST_BYTES) {
      sender.send();
    }
  }

  /// Sends what is recorded, and waits until all of it is done.
  ///
  /// @throws InterruptedException if interrupted: the call that was under way then was interrupted at
  ///     the server, and those after it are not carried out
  /// @throws ProcessException if the server has ended
  public void send() throws InterruptedException {
    if (requests.isEmpty()) {
      return;
    }
    Object[] encoded = requests.toArray();
    Settling settling = new Settling(entries);
    requests = new ArrayList<>();
    entries = new ArrayList<>();
    bytes = 0;
    Request request = new Request(null, Wire.BATCH, encoded, Thread.currentThread().threadId());
    try {
      @Nullable Object[] last = new Exchange(link, true, Until.FOREVER).of(request, settling::some);
      settling.some(last);
    } catch (RuntimeException | Error e) {
      settling.rest(e);
      throw e;
    } catch (InterruptedException e) {
      settling.rest(new CancellationException("interrupted before it was sent"));
      throw e;
    }
    if (settling.rest(new CancellationException("interrupted before its turn came"))) {
      boolean _ = Thread.interrupted(); // it is told by the exception
      throw new InterruptedException("interrupted; calls that were still to come were left out");
    }
  }

  /// Forgets what is recorded.
  public void drop(Throwable reason) {
    new Settling(entries).rest(reason);
    requests.clear();
    entries.clear();
    bytes = 0;
  }

  /// Tells of calls, in their order, what has become of them.
  private final class Settling {
    private final List<Entry> settled;
    private int next;
    private boolean wasInterrupted;

    Settling(List<Entry> entries) {
      this.settled = entries;
    }

    /// Tells what replies say.
    void some(@Nullable Object[] replies) {
      if (!(replies[1] instanceof Object[] encoded) || encoded.length > settled.size() - next) {
        throw new RemoteCallException("no replies to a batch: " + replies[1], null);
      }
      for (Object each : encoded) {
        Entry entry = settled.get(next++);
        boolean isTheirs = false;
        try {
          @Nullable Object[] reply = reply(each);
          isTheirs = Wire.ERROR.equals(reply[0]);
          entry.outcome.settle(link.result(reply, entry.method), null);
          wasInterrupted = false;
        } catch (Throwable e) {
          wasInterrupted = e instanceof InterruptedException;
          entry.outcome.settle(null, e);
          if (e instanceof Error ours && !isTheirs) { // this process is to stop, say
            throw ours;
          }
        }
      }
    }

    private @Nullable Object[] reply(@Nullable Object encoded) throws Throwable {
      @Nullable Object[] reply =
          encoded instanceof byte[] bytes
              ? Wire.read(ServerLink.talking(link, () -> decoded(bytes)))
              : null;
      if (reply != null) {
        return reply;
      }
      throw new RemoteCallException("no reply of a server: " + encoded, null);
    }

    private @Nullable Object decoded(byte[] reply) throws IOException {
      try {
        return link.codec().decode(new ByteSource(reply));
      } catch (ClassNotFoundException e) {
        throw new IOException("a result of a class that this process lacks: " + e.getMessage(), e);
      }
    }

    /// Tells of the others that they were not carried out.
    ///
    /// @return whether there are such, or the last one was interrupted
    boolean rest(Throwable reason) {
      boolean isAny = next < settled.size();
      while (next < settled.size()) {
        settled.get(next++).outcome.settle(null, reason);
      }
      return isAny || wasInterrupted;
    }
  }
}

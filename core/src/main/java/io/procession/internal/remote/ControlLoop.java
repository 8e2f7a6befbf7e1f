package io.procession.internal.remote;

import io.procession.connection.Connection;
import java.io.IOException;
import java.io.ObjectStreamException;
import java.net.ProtocolException;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Hears what a peer says beside its calls, and when it is gone.
///
/// Its connection ends with the peer's process. A peer behind a network may vanish without that: it
/// has to be heard of within a time.
final class ControlLoop {
  private final ObjectTable objects;
  private final Peer peer;
  private final Connection connection;
  private final @Nullable Duration silence;
  private final Patience patience;
  private final @Nullable Refusals refusals;

  /// @param silence how long the peer may say nothing; null if its system tells of its end
  /// @param refusals notes what cannot be understood of a stranger; null if it is none
  ControlLoop(
      ObjectTable objects,
      Peer peer,
      Connection connection,
      @Nullable Duration silence,
      @Nullable Refusals refusals) {
    this.objects = objects;
    this.peer = peer;
    this.connection = connection;
    this.silence = silence;
    this.refusals = refusals;
    this.patience = new Patience(connection, silence);
  }

  /// Hears until the peer is gone.
  void run() {
    try {
      while (silence == null || connection.poll(silence)) {
        hear(patience.within(connection::recv));
      }
    } catch (ProtocolException | ObjectStreamException e) {
      if (refusals != null) {
        refusals.noteEnd(peer, e.getMessage());
      }
    } catch (IOException | InterruptedException e) {
      // it is gone, or the server ends
    } finally {
      connection.close();
      peer.die();
    }
  }

  private void hear(@Nullable Object said) throws IOException, InterruptedException {
    Object[] words = said instanceof Object[] some ? some : new Object[0];
    int count = words.length;
    if (count >= 3 && count % 2 == 1 && Wire.RELEASE.equals(words[0])) {
      for (int i = 1; i < count; i += 2) {
        release(words[i], words[i + 1]);
      }
    } else if (count == 3
        && Wire.CANCEL.equals(words[0])
        && words[1] instanceof Long line
        && words[2] instanceof Long call) {
      peer.cancel(line, call);
    } else if (count == 1 && Wire.PING.equals(words[0])) {
      patience.within(() -> {
        connection.send(words);
        return null;
      });
    } else {
      throw unknown(words);
    }
  }

  private static ProtocolException unknown(@Nullable Object... words) {
    return new ProtocolException("nothing a peer says: " + Arrays.toString(words));
  }

  private void release(@Nullable Object object, @Nullable Object number) throws ProtocolException {
    if (!(object instanceof String ident) || !(number instanceof Integer times) || times <= 0) {
      throw unknown(Wire.RELEASE, object, number);
    }
    try {
      peer.release(objects.get(ident), times);
    } catch (RequestException e) {
      // dropped before: the peer had lost it by other means
    }
  }
}

package io.procession.internal.remote;

import io.procession.connection.Address;
import io.procession.connection.AuthenticationException;
import io.procession.connection.Client;
import io.procession.connection.Connection;
import io.procession.connection.ConnectionOptions;
import io.procession.internal.posix.Until;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/// Connects to servers, of which many may be asked for at once.
///
/// A listener looks at so many unfinished peers at a time, and drops the oldest when more come: that
/// keeps strangers from shutting its door. A thousand honest callers that begin in the same moment are
/// as many strangers to it. So a process dials a few at a time, and who was dropped tries again, later
/// and later. Where nobody listens, or the key is wrong, there is nothing to try again; nor where the
/// other side hung up late, as one does that has waited for another protocol in vain. Each server has its
/// own, so that one which does not answer keeps nobody from another.
final class Dialing {
  private static final int AT_A_TIME = 16;
  private static final int ATTEMPTS = 10;
  private static final long FIRST_PAUSE_NANOS = 5_000_000;
  private static final long LONGEST_PAUSE_NANOS = 1_000_000_000;

  private final Semaphore lines = new Semaphore(AT_A_TIME);

  /// Connects.
  ///
  /// @param limit how long the system may take at most: after a cut of the network it tries for minutes
  /// @throws IOException if that is not possible
  Connection connect(Address address, ConnectionOptions options, Duration limit)
      throws IOException, InterruptedException {
    long pause = FIRST_PAUSE_NANOS;
    for (int attempt = 1; ; attempt++) {
      lines.acquire();
      long late = Until.after(options.handshakeLimit().dividedBy(2));
      try {
        return Client.connect(address, options, limit);
      } catch (IOException e) {
        if (attempt == ATTEMPTS || isFinal(e) || Until.hasPassed(late)) {
          throw e;
        }
      } finally {
        lines.release();
      }
      TimeUnit.NANOSECONDS.sleep(ThreadLocalRandom.current().nextLong(pause / 2, pause));
      pause = Math.min(LONGEST_PAUSE_NANOS, 2 * pause);
    }
  }

  private static boolean isFinal(IOException e) {
    return switch (e) {
      case ConnectException _ -> true;
      case AuthenticationException _ -> true;
      case UnknownHostException _ -> true;
      case SocketTimeoutException _ -> true;
      case ProtocolException _ -> true;
      case SSLException _ -> true;
      default -> false;
    };
  }
}

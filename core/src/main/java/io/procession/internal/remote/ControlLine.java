package io.procession.internal.remote;

import io.procession.connection.Connection;
import io.procession.internal.posix.Uninterrupted;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// By what a process tells a server beside its calls. As long as it is open the server knows that the
/// process lives; behind a network it says so itself, and hears the same of the server.
final class ControlLine {
  private static final Object[] PING = {Wire.PING};

  private final Connection connection;

  /// To have the server answer: in turn, so that one who tells much keeps nobody from it.
  private final ReentrantLock turns = new ReentrantLock(true);

  ControlLine(Connection connection) {
    this.connection = connection;
  }

  /// Says something, which may take until the server is found to be gone. That it is gone is for those
  /// to find who wait for an answer of it.
  void say(Object... words) {
    try {
      Uninterrupted.await(() -> connection.send(words));
    } catch (IOException e) {
      // the server is gone, and all that it held
    }
  }

  /// The same of something that there may be much of, over a network: it returns once the server has
  /// taken it. So what is said meanwhile, as that this process lives, stands behind one such message at
  /// most, and not behind all that the buffers on the way hold.
  void sayAmongMuch(Object... words) {
    turns.lock();
    try {
      Uninterrupted.await(() -> connection.send(words));
      Uninterrupted.await(() -> connection.send(PING));
      Uninterrupted.await(
          () -> { // one answer to one ping: of two, one would be too many from then on
            Object _ = connection.recv();
          });
    } catch (IOException e) {
      // the server is gone, and all that it held
    } finally {
      turns.unlock();
    }
  }

  /// Makes sure, until the connection ends, that the server is heard of, and hears of this process in
  /// time, whichever of the two is the less patient.
  ///
  /// @param silence how long the server may be silent
  /// @param itsSilence how long the server lets this process be silent
  /// @param lost what to do when it is gone
  void keepAlive(String name, Duration silence, Duration itsSilence, Runnable lost) {
    Thread.ofPlatform()
        .daemon()
        .name("procession-keepalive-" + name)
        .start(() -> {
          try {
            Duration pause = pause(silence, itsSilence);
            var patience = new Patience(connection, silence.minus(pause));
            while (true) {
              Object _ = patience.within(this::ping); // so long after it was heard of
              boolean _ = connection.poll(pause); // ends when this side closes, too
            }
          } catch (IOException | InterruptedException e) {
            // it is gone
          }
          connection.close();
          lost.run();
        });
  }

  /// Has the server answer. Others may be speaking, and wait for it to listen: so this may, too.
  private @Nullable Object ping() throws IOException, InterruptedException {
    turns.lock();
    try {
      connection.send(PING);
      return connection.recv();
    } finally {
      turns.unlock();
    }
  }

  private static Duration pause(Duration silence, Duration itsSilence) {
    Duration shorter = silence.compareTo(itsSilence) < 0 ? silence : itsSilence;
    Duration pause = shorter.dividedBy(3);
    return pause.isZero() ? shorter : pause;
  }

  void close() {
    connection.close();
  }
}

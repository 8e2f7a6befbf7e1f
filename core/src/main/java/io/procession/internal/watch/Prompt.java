package io.procession.internal.watch;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Sends through a connection what needs no waiting: for who must not be held up by the one at its other
/// end. No exported signature shows it; the class of connections says how, before there is one.
public final class Prompt {
  private static volatile @Nullable Sender sender;

  private Prompt() {}

  /// How it is done.
  public interface Sender {
    /// Sends an object.
    ///
    /// @return false if there was no room, and nothing was sent
    /// @throws IOException if it cannot be sent, or was in part only
    boolean send(Object connection, @Nullable Object value) throws IOException;
  }

  /// Says how it is done.
  public static void register(Sender how) {
    sender = how;
  }

  /// Sends an object.
  ///
  /// @param connection a connection
  /// @return false if there was no room, and nothing was sent
  /// @throws IOException if it cannot be sent, or was in part only
  public static boolean send(Object connection, @Nullable Object value) throws IOException {
    Sender known = sender;
    return known != null && known.send(connection, value);
  }
}

package io.procession.manager;

import io.procession.connection.Address;
import io.procession.connection.AuthKey;
import io.procession.connection.ConnectionOptions;
import io.procession.connection.TlsOptions;
import io.procession.internal.check.Require;
import io.procession.internal.remote.Way;
import io.procession.process.JvmProcess;
import io.procession.process.LaunchOptions;
import io.procession.serial.Codec;
import io.procession.serial.SerializableCallable;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How a manager is to be.
///
/// Defaults: it listens nowhere, and serves the processes of its session only; its key is this
/// process's, no TLS; a caller or server that is not heard of for 15 seconds counts as gone; the server
/// has 5 seconds to end; its JVM is like this one.
///
/// A release may add components: make them by `defaults()` and its methods, not by the constructor.
///
/// @param address where the server listens for, or a client finds, a server of other sessions; null if
///     it listens nowhere
/// @param authKey what both sides must know; null for this process's own
/// @param tls makes the options for TLS, at each side; null for none
/// @param codec turns what passes between sessions into bytes; null for the standard one with a list of
///     classes
/// @param allowed names of classes whose objects are taken of others than the session, beside those that
///     the registered types name and the JDK's values
/// @param maxMessageBytes longer requests and replies of others than the session are refused: by a
///     server those that it would receive or send, by a client those that it would receive
/// @param keepAlive how long a process behind a network may be silent before it counts as gone
/// @param shutdownLimit how long the server may take to end before it is killed
/// @param launch how the JVM of the server is to be
public record ManagerOptions(
    @Nullable Address address,
    @Nullable AuthKey authKey,
    @Nullable SerializableCallable<TlsOptions> tls,
    @Nullable Codec codec,
    Set<String> allowed,
    int maxMessageBytes,
    Duration keepAlive,
    Duration shutdownLimit,
    LaunchOptions launch) {

  private static final int MAX_MESSAGE_BYTES = 64 << 20;

  /// Checks the options.
  ///
  /// @throws IllegalArgumentException if a time or length is not positive, or the length more than
  ///     [ConnectionOptions#MAX_MESSAGE_BYTES]
  public ManagerOptions {
    Require.between("maxMessageBytes", maxMessageBytes, 1, ConnectionOptions.MAX_MESSAGE_BYTES);
    Require.positive("keepAlive", keepAlive, "15 s are the default");
    Require.positive("shutdownLimit", shutdownLimit, "5 s are the default");
    Require.notNull("launch", launch);
    allowed = Set.copyOf(allowed);
  }

  /// The default options.
  ///
  /// @return options for a manager of this session
  public static ManagerOptions defaults() {
    return new ManagerOptions(
        null,
        null,
        null,
        null,
        Set.of(),
        MAX_MESSAGE_BYTES,
        Way.KEEP_ALIVE,
        Duration.ofSeconds(5),
        LaunchOptions.defaults());
  }

  /// Sets where the server can be reached by other sessions and machines.
  ///
  /// @param where the address, port 0 for any; null for nowhere
  /// @return options with this address
  public ManagerOptions withAddress(@Nullable Address where) {
    Draft draft = new Draft(this);
    draft.address = where;
    return draft.options();
  }

  /// Sets what both sides must know.
  ///
  /// @param key the key; null for this process's own
  /// @return options with this key
  public ManagerOptions withAuthKey(@Nullable AuthKey key) {
    Draft draft = new Draft(this);
    draft.authKey = key;
    return draft.options();
  }

  /// Sets TLS, for TCP.
  ///
  /// @param maker makes the options; it is sent to the server's process; null for no TLS
  /// @return options with that
  public ManagerOptions withTls(@Nullable SerializableCallable<TlsOptions> maker) {
    Draft draft = new Draft(this);
    draft.tls = maker;
    return draft.options();
  }

  /// Sets the codec for what passes between this manager's server and other sessions; both
  /// sides need it. It decides itself of which classes it takes objects: the list of classes is the
  /// standard codec's.
  ///
  /// @param newCodec the codec; it is sent to the server's process; null for the standard one
  /// @return options with this codec
  public ManagerOptions withCodec(@Nullable Codec newCodec) {
    Draft draft = new Draft(this);
    draft.codec = newCodec;
    return draft.options();
  }

  /// Adds classes whose objects are taken of others than the session.
  ///
  /// @param classes the classes
  /// @return options with these besides those there are
  public ManagerOptions withAllowed(Class<?>... classes) {
    Set<String> more = new HashSet<>(allowed);
    for (Class<?> type : classes) {
      more.add(type.getName());
    }
    Draft draft = new Draft(this);
    draft.allowed = more;
    return draft.options();
  }

  /// Sets which requests and replies of others than the session are refused for their length. A server's
  /// limit is for both, and its clients know it: a longer request is refused there. A client's is for
  /// replies.
  ///
  /// @param most most bytes
  /// @return options with this limit
  /// @throws IllegalArgumentException if it is not positive, or more than
  ///     [ConnectionOptions#MAX_MESSAGE_BYTES]
  public ManagerOptions withMaxMessageBytes(int most) {
    Draft draft = new Draft(this);
    draft.maxMessageBytes = most;
    return draft.options();
  }

  /// Sets how long a process behind a network may be silent before it counts as gone.
  ///
  /// @param time how long
  /// @return options with this time
  /// @throws IllegalArgumentException if it is not positive
  public ManagerOptions withKeepAlive(Duration time) {
    Draft draft = new Draft(this);
    draft.keepAlive = time;
    return draft.options();
  }

  /// Sets how long the server may take to end before it is killed.
  ///
  /// @param limit how long
  /// @return options with this limit
  /// @throws IllegalArgumentException if it is not positive
  public ManagerOptions withShutdownLimit(Duration limit) {
    Draft draft = new Draft(this);
    draft.shutdownLimit = limit;
    return draft.options();
  }

  /// Sets how the JVM of the server is to be.
  ///
  /// @param options flags, environment and the like
  /// @return options with these
  public ManagerOptions withLaunch(LaunchOptions options) {
    Draft draft = new Draft(this);
    draft.launch = options;
    return draft.options();
  }

  /// How others than processes of the session reach the server.
  Way way() {
    AuthKey key = authKey == null ? JvmProcess.currentProcess().authKey() : authKey;
    return new Way(key, tls, codec, maxMessageBytes, keepAlive);
  }

  /// Options in the making.
  private static final class Draft {
    @Nullable Address address;
    @Nullable AuthKey authKey;
    @Nullable SerializableCallable<TlsOptions> tls;
    @Nullable Codec codec;
    Set<String> allowed;
    int maxMessageBytes;
    Duration keepAlive;
    Duration shutdownLimit;
    LaunchOptions launch;

    Draft(ManagerOptions from) {
      address = from.address;
      authKey = from.authKey;
      tls = from.tls;
      codec = from.codec;
      allowed = from.allowed;
      maxMessageBytes = from.maxMessageBytes;
      keepAlive = from.keepAlive;
      shutdownLimit = from.shutdownLimit;
      launch = from.launch;
    }

    ManagerOptions options() {
      return new ManagerOptions(
          address, authKey, tls, codec, allowed, maxMessageBytes, keepAlive, shutdownLimit, launch);
    }
  }
}

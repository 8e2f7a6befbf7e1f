package io.procession.manager;

import static java.util.Objects.requireNonNull;

import io.procession.connection.Address;
import io.procession.connection.AuthKey;
import io.procession.connection.TlsOptions;
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
/// @param address where the server listens for, or a client finds, a server of other sessions; null if
///     it listens nowhere
/// @param authKey what both sides must know; null for this process's own
/// @param tls makes the options for TLS, at each side; null for none
/// @param codec turns what passes between sessions into bytes; null for the standard one with a list of
///     classes
/// @param allowed names of classes whose objects are taken of others than the session, beside those that
///     the registered types name and the JDK's values
/// @param maxMessageBytes longer requests and replies of others than the session are refused
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
  /// @throws IllegalArgumentException if a time or length is not positive
  public ManagerOptions {
    if (!keepAlive.isPositive() || !shutdownLimit.isPositive() || maxMessageBytes <= 0) {
      throw new IllegalArgumentException(
          "times and lengths must be positive: keepAlive="
              + keepAlive
              + ", shutdownLimit="
              + shutdownLimit
              + ", maxMessageBytes="
              + maxMessageBytes);
    }
    requireNonNull(launch, "launch");
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
        Duration.ofSeconds(15),
        Duration.ofSeconds(5),
        LaunchOptions.defaults());
  }

  /// The same with an address for other sessions and machines.
  ///
  /// @param newAddress where; port 0 for any
  /// @return new options
  public ManagerOptions withAddress(Address newAddress) {
    requireNonNull(newAddress, "newAddress");
    return new ManagerOptions(
        newAddress,
        authKey,
        tls,
        codec,
        allowed,
        maxMessageBytes,
        keepAlive,
        shutdownLimit,
        launch);
  }

  /// The same with a key of its own.
  ///
  /// @param newKey what both sides must know
  /// @return new options
  public ManagerOptions withAuthKey(AuthKey newKey) {
    requireNonNull(newKey, "newKey");
    return new ManagerOptions(
        address, newKey, tls, codec, allowed, maxMessageBytes, keepAlive, shutdownLimit, launch);
  }

  /// The same with TLS, for TCP.
  ///
  /// @param newTls makes the options; it is sent to the server's process
  /// @return new options
  public ManagerOptions withTls(SerializableCallable<TlsOptions> newTls) {
    requireNonNull(newTls, "newTls");
    return new ManagerOptions(
        address,
        authKey,
        newTls,
        codec,
        allowed,
        maxMessageBytes,
        keepAlive,
        shutdownLimit,
        launch);
  }

  /// The same with another codec for what passes between this manager's server and other sessions; both
  /// sides need it. It decides itself of which classes it takes objects: the list of classes is the
  /// standard codec's.
  ///
  /// @param newCodec the codec; it is sent to the server's process
  /// @return new options
  public ManagerOptions withCodec(Codec newCodec) {
    requireNonNull(newCodec, "newCodec");
    return new ManagerOptions(
        address,
        authKey,
        tls,
        newCodec,
        allowed,
        maxMessageBytes,
        keepAlive,
        shutdownLimit,
        launch);
  }

  /// The same, and objects of more classes are taken of others than the session.
  ///
  /// @param classes the classes
  /// @return new options
  public ManagerOptions allowing(Class<?>... classes) {
    Set<String> more = new HashSet<>(allowed);
    for (Class<?> type : classes) {
      more.add(type.getName());
    }
    return new ManagerOptions(
        address, authKey, tls, codec, more, maxMessageBytes, keepAlive, shutdownLimit, launch);
  }

  /// The same with another limit for requests and replies of others than the session.
  ///
  /// @param newLength most bytes
  /// @return new options
  public ManagerOptions withMaxMessageBytes(int newLength) {
    return new ManagerOptions(
        address, authKey, tls, codec, allowed, newLength, keepAlive, shutdownLimit, launch);
  }

  /// The same with another time of silence.
  ///
  /// @param newTime how long a process behind a network may be silent before it counts as gone
  /// @return new options
  public ManagerOptions withKeepAlive(Duration newTime) {
    return new ManagerOptions(
        address, authKey, tls, codec, allowed, maxMessageBytes, newTime, shutdownLimit, launch);
  }

  /// The same with another time for the server to end.
  ///
  /// @param newTime how long it may take before it is killed
  /// @return new options
  public ManagerOptions withShutdownLimit(Duration newTime) {
    return new ManagerOptions(
        address, authKey, tls, codec, allowed, maxMessageBytes, keepAlive, newTime, launch);
  }

  /// The same with another JVM for the server.
  ///
  /// @param newLaunch how it is to be
  /// @return new options
  public ManagerOptions withLaunch(LaunchOptions newLaunch) {
    return new ManagerOptions(
        address,
        authKey,
        tls,
        codec,
        allowed,
        maxMessageBytes,
        keepAlive,
        shutdownLimit,
        newLaunch);
  }

  /// How others than processes of the session reach the server.
  Way way() {
    AuthKey key = authKey == null ? JvmProcess.currentProcess().authKey() : authKey;
    return new Way(key, tls, codec, maxMessageBytes, keepAlive);
  }
}

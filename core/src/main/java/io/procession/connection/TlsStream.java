package io.procession.connection;

import io.procession.internal.posix.Interruption;
import io.procession.internal.posix.Until;
import io.procession.internal.watch.Source;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectStreamException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/// TLS 1.3 over another stream.
final class TlsStream implements ByteStream {
  /*
   * Two directions with a lock each: who waits for bytes to come keeps nobody from writing. After the
   * handshake they meet at one point: a request for new keys is answered with the next record that is
   * written, which the engine sees to. There is nothing else that a reader would have to write, since
   * TLS before 1.3, with its further handshakes, is not spoken.
   *
   * A record is encrypted once and has its number in the stream. So one that has not gone out whole,
   * since its writer was interrupted, stays in `netOut` and goes before the next.
   *
   * What comes at once is not waited for, so no deadline would end a flood of records without content:
   * more than so many in a row are a breach. After each step of a handshake its limit is looked at.
   *
   * A stream ends by the other side's notice that it will write no more. An end without it may be an
   * attacker's, and is an error.
   */
  private static final String[] PROTOCOLS = {"TLSv1.3"};

  /// How many records without content there may be in a row: some are notices, most are vexation.
  static final int MOST_VAIN_RECORDS = 32;

  private final ByteStream stream;
  private final SSLEngine engine;
  private final ReentrantLock reading = new ReentrantLock();
  private final ReentrantLock writing = new ReentrantLock();
  private final ByteBuffer netIn;
  private final ByteBuffer netOut;
  private ByteBuffer plain;
  private int vainRecords;
  private boolean hasEnded;
  private @Nullable SSLException breach;
  private volatile @Nullable TlsSource source;

  private TlsStream(ByteStream stream, SSLEngine engine) {
    this.stream = stream;
    this.engine = engine;
    int packet = engine.getSession().getPacketBufferSize();
    this.netIn = ByteBuffer.allocate(packet).flip();
    this.netOut = ByteBuffer.allocate(packet).flip();
    this.plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize()).flip();
  }

  /// The listener's side of TLS over a stream.
  ///
  /// @throws SSLException if the two cannot agree
  /// @throws SocketTimeoutException at the deadline
  static TlsStream asListener(ByteStream stream, TlsOptions options, long deadline)
      throws IOException, InterruptedException {
    SSLEngine engine = options.context().createSSLEngine();
    engine.setUseClientMode(false);
    SSLParameters parameters = parameters(engine);
    parameters.setNeedClientAuth(options.needsClientCertificate());
    engine.setSSLParameters(parameters);
    return shakeHands(new TlsStream(stream, engine), deadline);
  }

  /// The client's side of TLS over a stream.
  ///
  /// @param peer whom the certificate must name
  /// @throws SSLException if the two cannot agree, or the certificate is not trusted or another's
  /// @throws SocketTimeoutException at the deadline
  static TlsStream asClient(ByteStream stream, TlsOptions options, TlsPeer peer, long deadline)
      throws IOException, InterruptedException {
    SSLEngine engine = options.context().createSSLEngine(peer.host(), peer.port());
    engine.setUseClientMode(true);
    SSLParameters parameters = parameters(engine);
    if (!options.endpointIdentification().isEmpty()) {
      parameters.setEndpointIdentificationAlgorithm(options.endpointIdentification());
    }
    engine.setSSLParameters(parameters);
    return shakeHands(new TlsStream(stream, engine), deadline);
  }

  private static SSLParameters parameters(SSLEngine engine) {
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(PROTOCOLS);
    return parameters;
  }

  private static TlsStream shakeHands(TlsStream tls, long deadline)
      throws IOException, InterruptedException {
    tls.reading.lock();
    tls.writing.lock();
    try {
      tls.engine.beginHandshake();
      while (tls.engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
        tls.step(deadline);
        if (Until.hasPassed(deadline)) {
          throw tls.outOfTime();
        }
      }
      return tls;
    } catch (SSLException e) {
      tls.sendAlert();
      throw e;
    } finally {
      tls.writing.unlock();
      tls.reading.unlock();
    }
  }

  private void step(long deadline) throws IOException, InterruptedException {
    switch (engine.getHandshakeStatus()) {
      case NEED_WRAP -> {
        wrap(ByteBuffer.allocate(0));
        stream.write(netOut, deadline);
      }
      case NEED_TASK -> runTasks();
      case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
        if (unwrap(plain.clear(), deadline) == Step.OUT_OF_TIME) {
          throw outOfTime();
        }
        plain.flip();
        if (hasEnded) {
          throw new SSLException("the other end has closed during the handshake: " + this);
        }
      }
      case FINISHED, NOT_HANDSHAKING -> {}
    }
  }

  private SocketTimeoutException outOfTime() {
    return new SocketTimeoutException("no TLS within the time limit: " + this);
  }

  /// Tells the other end why, if that is possible at once.
  private void sendAlert() throws InterruptedException {
    try {
      if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
        wrap(ByteBuffer.allocate(0));
        stream.write(netOut, Until.NOW);
      }
    } catch (IOException _) {
      // it is lost either way
    }
  }

  private void runTasks() {
    for (Runnable task = engine.getDelegatedTask();
        task != null;
        task = engine.getDelegatedTask()) {
      task.run();
    }
  }

  /// Encrypts a record's worth; the last one has gone out.
  private void wrap(ByteBuffer source) throws SSLException {
    netOut.clear();
    boolean done = false;
    try {
      SSLEngineResult result = engine.wrap(source, netOut);
      boolean isGoodbye = !source.hasRemaining();
      if (result.getStatus() != SSLEngineResult.Status.OK && !isGoodbye) {
        throw new SSLException("cannot write: status=" + result.getStatus() + ": " + this);
      }
      done = true;
    } finally {
      netOut.flip();
      if (!done) {
        netOut.limit(0);
      }
    }
  }

  private enum Step {
    DONE,
    NEEDS_MORE,
    OUT_OF_TIME
  }

  /// Decrypts one record, if it has come by the deadline. After an error no other does: to the engine
  /// it would be an orderly end.
  private Step unwrap(ByteBuffer target, long deadline) throws IOException, InterruptedException {
    if (breach != null) {
      throw new SSLException("the stream is broken: " + this, breach);
    }
    try {
      return unwrapNext(target, deadline);
    } catch (SSLException e) {
      breach = e;
      throw e;
    }
  }

  private Step unwrapNext(ByteBuffer target, long deadline)
      throws IOException, InterruptedException {
    while (true) {
      SSLEngineResult result = engine.unwrap(netIn, target);
      switch (result.getStatus()) {
        case OK -> {
          if (result.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
            runTasks();
          }
          return result.bytesProduced() > 0 ? Step.DONE : Step.NEEDS_MORE;
        }
        case CLOSED -> {
          hasEnded = true;
          return Step.DONE;
        }
        case BUFFER_OVERFLOW ->
            throw new SSLException("a record is larger than TLS allows: " + this);
        case BUFFER_UNDERFLOW -> {
          if (!receive(deadline)) {
            return Step.OUT_OF_TIME;
          }
        }
      }
    }
  }

  /// Gets more of a record; false if nothing came by the deadline.
  private boolean receive(long deadline) throws IOException, InterruptedException {
    int got;
    netIn.compact();
    try {
      got = stream.read(netIn, deadline);
    } finally {
      netIn.flip();
    }
    if (got < 0) {
      throw new SSLException("the stream was cut, not ended by the other side: " + this);
    }
    return got > 0;
  }

  @Override
  public int read(ByteBuffer target, long deadline) throws IOException, InterruptedException {
    if (!lock(reading, deadline)) {
      return 0;
    }
    try {
      if (!fill(deadline)) {
        return 0;
      }
      if (!plain.hasRemaining()) {
        return -1;
      }
      int count = Math.min(plain.remaining(), target.remaining());
      target.put(plain.slice(plain.position(), count));
      plain.position(plain.position() + count);
      return count;
    } finally {
      leaveReading();
    }
  }

  /// Waits until there are plain bytes, or the end; false if neither came by the deadline.
  private boolean fill(long deadline) throws IOException, InterruptedException {
    while (!plain.hasRemaining() && !hasEnded) {
      Step step;
      plain.clear();
      try {
        step = unwrap(plain, deadline);
      } finally {
        plain.flip();
      }
      if (step == Step.OUT_OF_TIME) {
        return false;
      }
      boolean isVain = !plain.hasRemaining() && !hasEnded;
      vainRecords = isVain ? vainRecords + 1 : 0;
      if (vainRecords > MOST_VAIN_RECORDS) {
        breach = new SSLException("too many records without content: " + this);
        throw breach;
      }
    }
    return true;
  }

  @Override
  public boolean awaitReadable(long deadline) throws IOException, InterruptedException {
    if (!lock(reading, deadline)) {
      return false;
    }
    try {
      return fill(deadline);
    } finally {
      leaveReading();
    }
  }

  /// Gives the lock back, and tells who waits for any if the socket may not show what is left.
  private void leaveReading() {
    boolean isMore = plain.hasRemaining() || netIn.hasRemaining() || hasEnded || breach != null;
    reading.unlock();
    TlsSource known = source;
    if (known != null) {
      known.left(isMore);
    }
  }

  @Override
  public synchronized Source source() {
    TlsSource known = source;
    if (known == null) {
      if (!(stream.source() instanceof Source.OfJvm socket)) {
        throw new IllegalStateException("a connection of this kind cannot be waited for: " + this);
      }
      known = new TlsSource(this, reading, socket);
      source = known;
    }
    return known;
  }

  /// Whether there are plain bytes, or the end, without waiting. Called with the lock of the reading.
  boolean hasPlain() throws IOException, InterruptedException {
    return fill(Until.NOW);
  }

  @Override
  public void write(ByteBuffer source, long deadline) throws IOException, InterruptedException {
    if (!lock(writing, deadline)) {
      throw new SocketTimeoutException("another thread is writing: " + this);
    }
    try {
      stream.write(netOut, deadline); // what an interrupted writer left
      while (source.hasRemaining()) {
        wrap(source);
        stream.write(netOut, deadline);
      }
    } finally {
      writing.unlock();
    }
  }

  private static boolean lock(ReentrantLock lock, long deadline) throws InterruptedException {
    // who does not wait takes no notice of an interrupt
    return deadline == Until.NOW ? lock.tryLock() : Interruption.lock(lock, deadline);
  }

  @Override
  public boolean isOfThisUser() {
    return stream.isOfThisUser();
  }

  @Override
  public Optional<Address> peer() {
    return stream.peer();
  }

  @Override
  public boolean isClosed() {
    return stream.isClosed();
  }

  @Override
  public void close() {
    if (!stream.isClosed() && writing.tryLock()) {
      try {
        sayGoodbye();
      } finally {
        writing.unlock();
      }
    }
    stream.close();
  }

  /// Tells the other side that this is the end, if that is possible at once. After a record that did
  /// not go out whole it is not the end but a breach.
  private void sayGoodbye() {
    if (netOut.hasRemaining()) {
      return;
    }
    boolean wasInterrupted = Thread.interrupted();
    try {
      engine.closeOutbound();
      wrap(ByteBuffer.allocate(0));
      stream.write(netOut, Until.NOW);
    } catch (IOException _) {
      // the other end is gone, or does not read
    } catch (InterruptedException _) {
      wasInterrupted = true;
    } finally {
      if (wasInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public Object handle(StreamTraits traits) throws ObjectStreamException {
    throw new NotSerializableException(
        "a connection over TLS cannot be sent, its keys stay in this process: " + this);
  }

  @Override
  public String toString() {
    return "TLS over " + stream;
  }
}

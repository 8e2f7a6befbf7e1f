package io.procession.internal.remote;

import io.procession.connection.Address;
import io.procession.connection.AuthenticationException;
import io.procession.connection.Connection;
import io.procession.connection.Pipe;
import io.procession.internal.arena.Obituary;
import io.procession.internal.arena.Session;
import io.procession.internal.posix.Until;
import io.procession.process.DeathCertificate;
import io.procession.process.JvmProcess;
import io.procession.process.ProcessException;
import io.procession.queue.SharedQueue;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// The connections of a link: one for control, and as many for calls as there are threads that call at
/// a time. Safe for all threads.
final class Lines {
  /// How long to wait for the parent of a server that has died to say how.
  private static final long OBITUARY_NANOS = 1_000_000_000L;

  /// So long a line is kept that nobody uses.
  private static final long LONG_REST_NANOS = 10_000_000_000L;

  private static final Duration LEAST_PATIENCE = Duration.ofSeconds(10);

  /// So many objects that are let go are told of in one message, if it may be so long.
  private static final int MOST_RELEASED = 100;

  /// This process, for servers. Each link to one is a caller of its own: when a link was lost, the
  /// server may not know yet, and not take another for the same.
  private static final class Self {
    static final String ID = UUID.randomUUID().toString();
    static final AtomicLong LINKS = new AtomicLong();

    /// For asking who is there: which server that is, of these one knows it afterwards only.
    static final Dialing ASKING = new Dialing();

    static String next() {
      return ID + "-" + LINKS.incrementAndGet();
    }
  }

  private final ServerRef ref;
  private final boolean isLocal;
  private final Releases releases;
  private final Dialing dialing = new Dialing();
  private final AtomicLong numbers = new AtomicLong();
  private final AtomicLong retired = new AtomicLong(); // requests by lines that are closed
  private final ConcurrentLinkedDeque<CallLine> idle = new ConcurrentLinkedDeque<>();
  private final Set<CallLine> open = ConcurrentHashMap.newKeySet();
  private volatile List<Way> ways; // one, once it has led there
  private volatile String self = Self.next(); // does not change once there is a control line
  private volatile RequestLimit limit; // does not change once there is a control line
  private volatile @Nullable ControlLine control;
  private volatile @Nullable Supplier<@Nullable DeathCertificate> certificate;
  private volatile @Nullable String lostBy; // once nothing more can come of it

  Lines(ServerRef ref, List<Way> ways) {
    this.ref = ref;
    this.ways = ways;
    this.limit = new RequestLimit(ref, Long.MAX_VALUE);
    this.releases = new Releases(ref.name(), this::sayReleases, () -> limit.objects(MOST_RELEASED));
    this.isLocal = ref.door() != null && ref.session() == Session.current().id();
  }

  /// Asks the server at an address who it is.
  ///
  /// @throws IOException if there is none, or it refuses
  static ServerRef whoIs(Address address, Way way) throws IOException, InterruptedException {
    try (Connection connection = Self.ASKING.connect(address, way.options(), patience(way))) {
      connection.send(greeting(Self.ID, Wire.DUMMY, 0, way));
      Duration patience = patience(way);
      if (!connection.poll(patience)) {
        throw new SocketTimeoutException(
            "the server does not answer: address=" + address + ", time=" + patience);
      }
      Object said = connection.recv();
      if (said instanceof Object[] parts
          && parts.length == 2
          && parts[1] instanceof Object[] words
          && words.length == 2
          && words[0] instanceof String id
          && words[1] instanceof String name) {
        return new ServerRef(id, name, 0, 0, null, address);
      }
      @Nullable Object[] reply = Wire.read(said);
      throw new IOException(
          reply != null && Wire.REFUSED.equals(reply[0])
              ? "the server at " + address + " has refused the connection: " + reply[1]
              : "no server of managed objects: address=" + address + ", said=" + said);
    }
  }

  /// Whether the server is of this session.
  boolean isLocal() {
    return isLocal;
  }

  /// How the server is reached; of several ways that it may be, the first.
  Way way() {
    return ways.getFirst();
  }

  /// How long a request may be, as far as the server has said it.
  RequestLimit limit() {
    return limit;
  }

  /// Says by which ways to try it, unless one has led there.
  synchronized void tryBy(List<Way> others) {
    if (control == null) {
      ways = others;
    }
  }

  /// Whether the server was reached, and is not lost.
  boolean isInUse() {
    return control != null && lostBy == null;
  }

  /// Whether nothing more can come of it.
  boolean isLost() {
    return lostBy != null;
  }

  /// Says where to ask how the server's process has ended, once it has.
  void endsWith(Supplier<@Nullable DeathCertificate> answer) {
    certificate = answer;
  }

  /// How many calls have no reply yet.
  int underWay() {
    return open.size() - idle.size();
  }

  int count() {
    return open.size();
  }

  /// How many requests were sent until now.
  long requests() {
    long sum = retired.get();
    for (CallLine line : open) {
      sum += line.call();
    }
    return sum;
  }

  /// Tells the server something beside the calls, if it was ever called.
  void say(Object... words) {
    ControlLine line = control;
    if (line != null && lostBy == null) {
      line.say(words);
    }
  }

  /// Tells the server that this process has no stub of an object any more, which was granted so often.
  void release(String ident, int times) {
    if (isLocal) {
      say(Wire.RELEASE, ident, times);
    } else if (control != null && lostBy == null) {
      releases.add(ident, times);
    }
  }

  private void sayReleases(Object[] words) {
    ControlLine line = control;
    if (line != null && lostBy == null) {
      line.sayAmongMuch(words);
    }
  }

  /// A line that nobody uses.
  CallLine take() throws IOException, InterruptedException {
    String lost = lostBy;
    if (lost != null) {
      throw new IOException(lost);
    }
    CallLine known = idle.pollFirst();
    if (known != null) {
      return known;
    }
    openControl();
    long number = numbers.incrementAndGet();
    Connection connection = connect();
    CallLine line = new CallLine(number, connection, this::isServerAlive, limit, way().codec());
    open.add(line);
    boolean isGreeted = false;
    try {
      connection.send(greeting(self, Wire.CALLS, number, way()));
      lost = lostBy; // by who has closed all that were open before
      if (lost != null) {
        throw new IOException(lost);
      }
      isGreeted = true;
      return line;
    } finally {
      if (!isGreeted) {
        discard(line);
      }
    }
  }

  /// A line is not used any more. The last one taken is the first to be taken again, so what many
  /// threads have used at a time and few use now is at the end, and is closed there.
  void giveBack(CallLine line) {
    line.rest();
    idle.addFirst(line);
    CallLine oldest = idle.peekLast();
    if (oldest != null && oldest.restsFor(LONG_REST_NANOS) && idle.removeLastOccurrence(oldest)) {
      discard(oldest);
    }
  }

  void discard(CallLine line) {
    if (open.remove(line)) {
      retired.addAndGet(line.call());
    }
    line.close();
  }

  private synchronized void openControl() throws IOException, InterruptedException {
    if (control != null) {
      return;
    }
    Connection connection = connect();
    boolean isOpen = false;
    Welcome welcome;
    try {
      connection.send(greeting(self, Wire.CONTROL, 0, way()));
      long deadline = isLocal ? Until.FOREVER : Until.after(patience(way()));
      @Nullable Object[] reply =
          new CallLine(0, connection, this::isServerAlive, limit, way().codec()).reply(deadline);
      if (reply == null || !Wire.RETURN.equals(reply[0])) {
        throw new IOException(reply == null ? "it does not answer" : "refused: " + reply[1]);
      }
      welcome = Welcome.read(reply[1]);
      isOpen = true;
    } finally {
      if (!isOpen) {
        connection.close();
        self = Self.next(); // the server may still have the other
      }
    }
    ControlLine opened = new ControlLine(connection);
    limit = new RequestLimit(ref, welcome.mostBytes());
    control = opened;
    String lost = lostBy; // by who has closed what was open before
    if (lost != null) {
      opened.close();
      throw new IOException(lost);
    }
    if (!isLocal) {
      Duration silence = way().silence();
      String reason =
          "nothing was heard of it for " + silence + ", or it has closed the connection";
      opened.keepAlive(ref.name(), silence, welcome.silence(), () -> lose(reason));
    }
  }

  /// How long a server may take to accept, and then to say a word.
  private static Duration patience(Way way) {
    return way.silence().compareTo(LEAST_PATIENCE) < 0 ? LEAST_PATIENCE : way.silence();
  }

  private Connection connect() throws IOException, InterruptedException {
    if (isLocal && ref.door() != null) {
      return atTheDoor(Objects.requireNonNull(ref.door()));
    }
    if (ref.address() == null) {
      throw new IOException("it listens nowhere, and is of another session");
    }
    IOException first = null;
    for (Way way : ways) {
      try {
        Connection connection = dialing.connect(ref.address(), way.options(), patience(way));
        ways = List.of(way);
        return connection;
      } catch (AuthenticationException | SSLException e) {
        if (first == null) {
          first = e;
        }
      }
    }
    throw Objects.requireNonNull(first);
  }

  private Connection atTheDoor(SharedQueue<Connection> door)
      throws IOException, InterruptedException {
    if (!isServerAlive()) {
      throw new IOException("it is not there");
    }
    Pipe pipe = Pipe.duplex();
    boolean isThere = false;
    try {
      ObjectServer here = ObjectServer.here(ref.id());
      if (here != null) { // what one sends to oneself is the same end, which must not be closed
        here.welcome(pipe.second());
      } else {
        door.put(pipe.second());
        pipe.second().close();
      }
      isThere = true;
      return pipe.first();
    } catch (IllegalStateException e) {
      throw new IOException("it is ending, and takes no more callers", e);
    } finally {
      if (!isThere) {
        pipe.close();
      }
    }
  }

  private static @Nullable Object[] greeting(String process, String purpose, long number, Way way) {
    String name = JvmProcess.currentProcess().name();
    return new Greeting(process, name, purpose, number, way.maxMessageBytes()).message();
  }

  private boolean isServerAlive() {
    return isLocal ? Session.current().participants().probe(ref.participant()) : lostBy == null;
  }

  /// What to throw when the server cannot be talked to any more.
  RuntimeException lost(IOException cause) {
    String what = "the server of managed objects has ended: server=" + ref;
    Supplier<@Nullable DeathCertificate> answer = certificate;
    DeathCertificate known = answer == null || isServerAlive() ? null : answer.get();
    if (known != null) {
      return lost(what + ", " + known.sentence(), known, cause);
    }
    if (isLocal && !isServerAlive()) {
      Obituary obituary =
          Session.current().participants().obituary(ref.participant(), OBITUARY_NANOS);
      String text = what + ", " + Obituary.text(obituary);
      return lost(text, ServerDeath.certify(obituary), cause);
    }
    String why = lostBy == null ? cause.getMessage() : lostBy;
    return new ProcessException(
        "no connection to the server of managed objects: server=" + ref + ", " + why, cause);
  }

  private static ProcessException lost(
      String text, @Nullable DeathCertificate certificate, IOException cause) {
    if (certificate == null) {
      return new ProcessException(text, cause);
    }
    ProcessException lost = new ProcessException(text, certificate);
    lost.addSuppressed(cause);
    return lost;
  }

  /// Whether nothing can come of it any more, though nobody has met that yet: a server of this session has
  /// ended.
  boolean isDead() {
    return isLocal && !isServerAlive();
  }

  private void lose(String reason) {
    lostBy = reason;
    for (CallLine line : open) {
      line.close();
    }
  }

  /// First nothing more can be opened: whoever opens the control line meanwhile finds that so, and closes
  /// it.
  void close() {
    lose("the connection was closed here");
    ControlLine line = control;
    if (line != null) {
      line.close();
    }
  }
}

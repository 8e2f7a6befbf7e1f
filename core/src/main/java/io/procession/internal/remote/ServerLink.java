package io.procession.internal.remote;

import io.procession.connection.Address;
import io.procession.internal.posix.LocalProcess;
import io.procession.internal.posix.Until;
import io.procession.process.DeathCertificate;
import io.procession.process.ProcessExit;
import io.procession.process.RemoteCallException;
import io.procession.serial.Codec;
import io.procession.serial.StandInException;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A server as this process talks to it: one link for each, with as many lines as there are threads
/// that call at a time. Safe for all threads.
///
/// Each manager has a view of the link: the same lines, but stubs with the interfaces that this manager
/// has registered. Links of the same lines are equal.
public final class ServerLink {
  private static final ConcurrentHashMap<String, ServerLink> OF_JVM = new ConcurrentHashMap<>();
  private static final ThreadLocal<@Nullable ServerLink> CURRENT = new ThreadLocal<>();

  /// Of its own, besides that of all others: what it does here waits for the network.
  private static final Cleaner CLEANER =
      Cleaner.create(Thread.ofPlatform().daemon().name("procession-cleaner-remote").factory());

  private final ConcurrentHashMap<String, ServerLink> among;
  private final ServerRef ref;
  private final Lines lines;
  private final ServerLink whole; // this, or what it is a view of
  private int users; // guarded by this
  private boolean isKept; // guarded by this
  private final ConcurrentHashMap<String, WeakReference<RemoteReference>> references =
      new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, StubMaker> makers = new ConcurrentHashMap<>();

  private ServerLink(ConcurrentHashMap<String, ServerLink> among, ServerRef ref, List<Way> ways) {
    this.among = among;
    this.ref = ref;
    this.lines = new Lines(ref, ways);
    this.whole = this;
  }

  /// A view.
  private ServerLink(ServerLink whole) {
    this.among = whole.among;
    this.ref = whole.ref;
    this.lines = whole.lines;
    this.whole = whole;
  }

  /// Those of this process.
  static ConcurrentHashMap<String, ServerLink> links() {
    LocalProcess here = LocalProcess.current();
    return here == null ? OF_JVM : here.own(ServerLink.class, ConcurrentHashMap::new);
  }

  /// The link to a server that this process has talked to.
  ///
  /// @return null if there is none, or it is lost
  static @Nullable ServerLink inUse(ServerRef ref) {
    ServerLink known = links().get(ref.id());
    return known != null && known.lines.isInUse() ? known : null;
  }

  /// The link to a server whose stub has come here.
  ///
  /// @param ways how it may be reached, if it is not of the session: the first that leads there counts
  static ServerLink to(ServerRef ref, List<Way> ways) {
    ConcurrentHashMap<String, ServerLink> among = links();
    if (!among.containsKey(ref.id())) {
      sweep(among);
    }
    ServerLink found =
        among.compute(
            ref.id(),
            (_, known) ->
                known == null || known.lines.isLost() ? new ServerLink(among, ref, ways) : known);
    found.lines.tryBy(ways);
    return found;
  }

  /// Lets go of servers that have ended and that nobody here has called since: who was sent stubs of many
  /// managers, one after the other, would keep a connection to each. A reply that has come before the end is
  /// read first.
  private static void sweep(ConcurrentHashMap<String, ServerLink> among) {
    for (ServerLink link : among.values()) {
      if (link.lines.isDead() && link.lines.underWay() == 0) {
        link.close();
      }
    }
  }

  /// A view of the link to a server, of which the caller is one of the users.
  ///
  /// @param way how it is reached, if it is not of the session
  public static ServerLink to(ServerRef ref, Way way) {
    while (true) {
      ServerLink link = to(ref, List.of(way));
      synchronized (link) {
        if (!link.lines.isLost()) {
          link.users++;
          return new ServerLink(link);
        }
      }
    }
  }

  /// Finds the server at an address.
  ///
  /// @throws IOException if there is none, or it refuses
  public static ServerLink connect(Address address, Way way)
      throws IOException, InterruptedException {
    return to(Lines.whoIs(address, way), way);
  }

  /// The server to which this thread writes, or whose reply it reads, at this moment.
  static @Nullable ServerLink current() {
    return CURRENT.get();
  }

  /// How it is reached.
  public ServerRef ref() {
    return ref;
  }

  /// Says where to ask how the server's process has ended, once it has.
  public void endsWith(Supplier<@Nullable DeathCertificate> answer) {
    lines.endsWith(answer);
  }

  /// Says by which interface the stubs of this view see objects of a type; otherwise the server's
  /// counts. The first to say so does it for stubs that come by other ways, too.
  public void sees(String type, Class<?> asInterface) {
    StubMaker maker = StubMaker.of(asInterface);
    makers.put(type, maker);
    whole.makers.putIfAbsent(type, maker);
  }

  /// Has an object made.
  ///
  /// @return its stub
  public Object create(String type, @Nullable Object... arguments) {
    @Nullable Object[] words = new @Nullable Object[arguments.length + 1];
    words[0] = type;
    System.arraycopy(arguments, 0, words, 1, arguments.length);
    Object made = serve(Wire.CREATE, words);
    if (made instanceof Object[] parts && parts.length == 2 && parts[0] instanceof String ident) {
      return stub(type, ident);
    }
    throw new RemoteCallException("no answer to " + Wire.CREATE + ": " + made, null);
  }

  /// Asks for a function of the server itself.
  public @Nullable Object serve(String function, @Nullable Object... arguments) {
    try {
      return call(null, function, arguments, false);
    } catch (Throwable e) {
      throw failed(function + " of " + ref, e);
    }
  }

  /// How many objects the server has that anybody holds.
  public int numberOfObjects() {
    return serve(Wire.NUMBER_OF_OBJECTS) instanceof Integer number ? number : 0;
  }

  /// The server's objects, for people.
  public String debugInfo() {
    return String.valueOf(serve(Wire.DEBUG_INFO));
  }

  /// Asks the server to end.
  public void shutdown() {
    serve(Wire.SHUTDOWN);
  }

  /// What to throw where a method's own exceptions cannot be: an unchecked one is that itself.
  static RuntimeException failed(String what, Throwable thrown) {
    return switch (thrown) {
      case RuntimeException e -> e;
      case Error e -> throw e;
      default -> new RemoteCallException(what + " threw " + thrown, thrown);
    };
  }

  /// Calls a method and waits for what it returns.
  ///
  /// @param ident the object; null for a function of the server
  /// @param isInterruptible whether an interrupt of this thread ends the call
  /// @throws Throwable what the method throws
  @Nullable Object call(
      @Nullable String ident, String method, @Nullable Object[] arguments, boolean isInterruptible)
      throws Throwable {
    try {
      return result(
          new Exchange(this, isInterruptible, Until.FOREVER).of(request(ident, method, arguments)),
          method);
    } finally {
      Reference.reachabilityFence(
          arguments); // the server must not be told meanwhile that one is gone
    }
  }

  /// The same, but for a time only.
  @Nullable Object ask(long nanos, String ident, String method, @Nullable Object... arguments)
      throws Throwable {
    long deadline = Until.after(nanos);
    try {
      return result(
          new Exchange(this, false, deadline).of(request(ident, method, arguments)), method);
    } finally {
      Reference.reachabilityFence(arguments);
    }
  }

  Request request(@Nullable String ident, String method, @Nullable Object[] arguments) {
    @Nullable Object[] sent = arguments.clone();
    for (int i = 0; i < sent.length; i++) {
      if (sent[i] instanceof Remote remote && remote.reference().link().equals(this)) {
        sent[i] = new Ref(remote.reference().ident());
      }
    }
    return new Request(ident, method, sent, Thread.currentThread().threadId());
  }

  /// What a reply comes to.
  @Nullable Object result(@Nullable Object[] reply, String method) throws Throwable {
    Object value = reply[1];
    return switch (String.valueOf(reply[0])) {
      case Wire.RETURN -> value;
      case Wire.PROXY -> stub((Token) Objects.requireNonNull(value));
      case Wire.ERROR -> throw thrown(value, method);
      case Wire.TOO_LONG -> {
        String why = method + " of " + ref + ": " + value;
        throw new RemoteCallException(why, new TooLongException(String.valueOf(value)));
      }
      default -> throw new RemoteCallException(method + " of " + ref + ": " + value, null);
    };
  }

  private Throwable thrown(@Nullable Object value, String method) {
    if (value instanceof ProcessExit e) { // of the server's process, not of this one
      return new RemoteCallException(method + " of " + ref + " was stopped with the server", e);
    }
    if (value instanceof StandInException e) {
      return new RemoteCallException(method + " of " + ref + " threw " + e, e);
    }
    if (value instanceof Throwable thrown) {
      thrown.addSuppressed(
          new RemoteCallException("called from here: " + method + " of " + ref, null));
      return thrown;
    }
    return new RemoteCallException(method + " of " + ref + " threw no exception: " + value, null);
  }

  private Object stub(Token token) {
    return stub(token.type(), token.ident());
  }

  /// The stub of an object that the server has granted this process.
  public Object stub(String type, String ident) {
    RemoteReference reference = reference(type, ident);
    return maker(type).make(reference);
  }

  /// How this process sees objects of a type.
  StubMaker maker(String type) {
    StubMaker maker = makers.get(type);
    if (maker == null) {
      maker = whole.makers.get(type);
    }
    if (maker == null) {
      maker = StubMaker.described(serve(Wire.DESCRIBE, type));
      whole.makers.putIfAbsent(type, maker);
    }
    return maker;
  }

  /// The connections.
  Lines lines() {
    return lines;
  }

  /// How many calls have no reply yet.
  public int callsUnderWay() {
    return lines.underWay();
  }

  /// What turns requests and replies into bytes.
  Codec codec() {
    return lines.isLocal() ? Codec.standard() : lines.way().codec();
  }

  /// How many requests were sent until now, which is how many round trips there were.
  public long requests() {
    return lines.requests();
  }

  private RemoteReference reference(String type, String ident) {
    while (true) {
      WeakReference<RemoteReference> known = references.get(ident);
      RemoteReference reference = known == null ? null : known.get();
      if (reference != null) {
        reference.granted();
        return reference;
      }
      RemoteReference made = new RemoteReference(this, type, ident, CLEANER);
      WeakReference<RemoteReference> entry = new WeakReference<>(made);
      boolean isMine =
          known == null
              ? references.putIfAbsent(ident, entry) == null
              : references.replace(ident, known, entry);
      if (isMine) {
        made.granted();
        return made;
      }
    }
  }

  /// This process has no stub of the object any more, which was granted so often.
  void release(String ident, int grants) {
    references.computeIfPresent(
        ident, (_, reference) -> reference.refersTo(null) ? null : reference);
    if (grants > 0) {
      lines.release(ident, grants);
    }
  }

  /// Runs something while this thread writes to the server or reads of it.
  static <T extends @Nullable Object> T talking(ServerLink link, Talk<T> talk)
      throws IOException, InterruptedException {
    ServerLink before = CURRENT.get();
    CURRENT.set(link);
    try {
      return talk.run();
    } finally {
      CURRENT.set(before);
    }
  }

  /// Something that writes or reads.
  interface Talk<T extends @Nullable Object> {
    T run() throws IOException, InterruptedException;
  }

  /// It is kept as long as the server lives: somebody else has sent a stub.
  synchronized void keep() {
    isKept = true;
  }

  /// A user leaves: with the last the connections end, unless stubs that others have sent need them.
  public void leave() {
    synchronized (whole) {
      whole.users--;
      if (whole.users <= 0 && !whole.isKept) {
        close();
      }
    }
  }

  /// Ends the use of the server by this process.
  public void close() {
    synchronized (whole) {
      among.remove(ref.id(), whole);
      lines.close();
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ServerLink that && that.lines.equals(lines);
  }

  @Override
  public int hashCode() {
    return lines.hashCode();
  }

  @Override
  public String toString() {
    return "ServerLink[" + ref + ", lines=" + lines.count() + "]";
  }
}

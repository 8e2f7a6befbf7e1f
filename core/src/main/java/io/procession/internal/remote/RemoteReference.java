package io.procession.internal.remote;

import io.procession.internal.arena.Session;
import io.procession.internal.posix.Until;
import io.procession.process.RemoteCallException;
import java.io.Serializable;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// An object at a server, as all stubs of it have it: one for each object and link or view of one. When
/// it is unreachable, the server is told that this process has the object so much less. References to
/// the same object are equal.
///
/// Safe for all threads.
public final class RemoteReference {
  /// How long an object may take to answer what a program asks without thinking, as `equals`.
  private static final long PATIENCE_NANOS = 5_000_000_000L;

  /// The same for what a debugger asks of each object that it shows.
  private static final long SHOWN_NANOS = 1_000_000_000L;

  /// How long an object that has not said in time what it is is not asked again.
  private static final long GRUDGE_NANOS = 10_000_000_000L;

  private final ServerLink link;
  private final String type;
  private final String ident;
  private final Held held;
  private volatile long unasked; // until when, if not 0

  RemoteReference(ServerLink link, String type, String ident, Cleaner cleaner) {
    this.link = link;
    this.type = type;
    this.ident = ident;
    this.held = new Held(link, ident);
    var _ = cleaner.register(this, held);
  }

  /// What remains when the reference is gone, and must not know it.
  private static final class Held implements Runnable {
    private final ServerLink link;
    private final String ident;
    private final AtomicInteger grants = new AtomicInteger();

    Held(ServerLink link, String ident) {
      this.link = link;
      this.ident = ident;
    }

    @Override
    public void run() {
      link.release(ident, grants.getAndSet(0));
    }
  }

  /// The server has granted it once more.
  void granted() {
    held.grants.incrementAndGet();
  }

  /// The name of its type at the server.
  public String type() {
    return type;
  }

  /// Its identity at the server.
  public String ident() {
    return ident;
  }

  /// The server, as this process talks to it.
  public ServerLink link() {
    return link;
  }

  /// Whether a function can be run by the object: over a network servers take none.
  public boolean runs(Object function) {
    return function instanceof Serializable && isLocal();
  }

  /// Whether the server is of this session: then messages are as long as they like.
  public boolean isLocal() {
    return link.lines().isLocal();
  }

  /// Whether a call has failed since its result is longer than a message may be.
  public static boolean isTooLong(RemoteCallException failure) {
    return failure.getCause() instanceof TooLongException;
  }

  /// Calls a method; an interrupt does not end the wait.
  ///
  /// @param method its word on the wire
  /// @return what it returned; a stub if that stays at the server
  public @Nullable Object call(String method, @Nullable Object... arguments) {
    try {
      return invoke(method, arguments, false);
    } catch (Throwable e) {
      throw ServerLink.failed(method + " of " + this, e);
    }
  }

  /// Calls a method that waits: an interrupt of this thread interrupts it at the server.
  ///
  /// @throws InterruptedException if it was interrupted; what it says is then what has happened
  public @Nullable Object callInterruptibly(String method, @Nullable Object... arguments)
      throws InterruptedException {
    try {
      return invoke(method, arguments, true);
    } catch (InterruptedException e) {
      throw e;
    } catch (Throwable e) {
      throw ServerLink.failed(method + " of " + this, e);
    }
  }

  /// Calls a method, throwing what it throws.
  ///
  /// @param isInterruptible whether an interrupt of this thread interrupts it at the server
  /// @throws Throwable that
  public @Nullable Object invoke(
      String method, @Nullable Object[] arguments, boolean isInterruptible) throws Throwable {
    try {
      return link.call(ident, method, arguments, isInterruptible);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /// Asks the object what it answers to `toString`; says something of its own if that takes too long
  /// or cannot be had. One that took too long is not asked again for a while: it may be shown often,
  /// and each question takes a thread of the server.
  public String describe() {
    long until = unasked;
    if (until != 0 && !Until.hasPassed(until)) {
      return this + " (does not answer)";
    }
    long deadline = Until.after(SHOWN_NANOS);
    try {
      String shown = String.valueOf(ask(SHOWN_NANOS, Wire.TO_STRING));
      unasked = 0;
      return shown;
    } catch (RuntimeException e) {
      if (!Until.hasPassed(deadline)) {
        return toString();
      }
      unasked = Until.after(GRUDGE_NANOS);
      return this + " (does not answer)";
    }
  }

  /// Asks the object whether it equals another.
  ///
  /// @throws RemoteCallException if it does not answer in time
  public boolean isEqualTo(@Nullable Object other) {
    if (other instanceof Remote that && that.reference().equals(this)) {
      return true;
    }
    return Boolean.TRUE.equals(ask(PATIENCE_NANOS, Wire.EQUALS, other));
  }

  /// Asks the object for its hash code.
  ///
  /// @throws RemoteCallException if it does not answer in time
  public int hash() {
    return ask(PATIENCE_NANOS, Wire.HASH_CODE) instanceof Integer hash ? hash : 0;
  }

  private @Nullable Object ask(long nanos, String method, @Nullable Object... arguments) {
    try {
      return link.ask(nanos, ident, method, arguments);
    } catch (Throwable e) {
      throw ServerLink.failed(method + " of " + this, e);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /// A copy of the object, to be used here.
  public @Nullable Object copy() {
    return call(Wire.GET_VALUE);
  }

  /// What is written in the place of a stub: within a request to its server a reference, else what
  /// holds the object until it has arrived.
  public Object departing() {
    try {
      if (link.equals(ServerLink.current())) {
        return new Ref.Nested(ident);
      }
      Object departure = link.serve(Wire.DEPART, ident);
      return new Transit(
          link.ref(),
          type,
          ident,
          departure instanceof Long number ? number : 0,
          Session.current().id(),
          link.lines().isLocal() ? null : link.lines().way().note());
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RemoteReference that
        && that.ident.equals(ident)
        && that.link.equals(link);
  }

  @Override
  public int hashCode() {
    return 31 * link.hashCode() + ident.hashCode();
  }

  /// Like `list 1f of manager-1`, without asking anybody.
  @Override
  public String toString() {
    return type + " " + ident + " of " + link.ref().name();
  }
}

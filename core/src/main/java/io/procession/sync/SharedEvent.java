package io.procession.sync;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Waiting;
import io.procession.internal.check.Require;
import io.procession.internal.posix.Interruption;
import io.procession.internal.posix.Until;
import io.procession.serial.Handle;
import java.lang.ref.Reference;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A flag for which threads of all processes of a session wait.
///
/// ```java
/// var ready = SharedEvent.create();
/// try (var process = JvmProcess.of(() -> ready.set())) {
///   process.start();
///   ready.await();
/// }
/// ```
///
/// Whoever waits while it is set, or when it becomes so, goes on, also if it is cleared right after.
/// What a thread did before it set the event is seen by those whose wait ends by it, also in memory
/// that processes share. A process that dies leaves the event as it is, set or not.
///
/// It is sent to other processes like any object; all copies are one event. One that was never sent
/// goes when it is closed or unreachable, one that was sent when it is destroyed or the session ends.
/// All methods but [#toString], [#name()] and [#close] throw `IllegalStateException` once it is closed
/// in this process or destroyed in any.
public final class SharedEvent extends SyncObject implements Event {
  private static final long serialVersionUID = 1L;

  private static final AtomicInteger MADE = new AtomicInteger();

  private final transient EventWord word;

  private SharedEvent(Session session, String name) {
    super(session, CellKind.EVENT, name);
    this.word = new EventWord(session, attachment.ref().cell());
  }

  private SharedEvent(Session session, CellRef ref) {
    super(session, CellKind.EVENT, ref);
    this.word = new EventWord(session, ref.cell());
  }

  /// Creates an event named `event-N`, with those of this JVM counted from 1.
  ///
  /// @return the event, not set
  public static SharedEvent create() {
    return create("event-" + MADE.incrementAndGet());
  }

  /// Creates an event.
  ///
  /// @param name for messages; need not be unique
  /// @return the event, not set
  public static SharedEvent create(String name) {
    return new SharedEvent(Session.current(), Require.notNull("name", name));
  }

  /// What a handle becomes where it arrives.
  static SharedEvent attach(Handle handle) {
    return attach(Session.current(), SyncHandles.ref(handle));
  }

  static SharedEvent attach(Session session, CellRef ref) {
    return new SharedEvent(session, ref);
  }

  /// True if the event is set.
  ///
  /// @return whether it is, at some moment of this call
  @Override
  public boolean isSet() {
    attachment.check();
    return word.isSet();
  }

  /// Sets the event: all who wait go on. Does nothing if it is set.
  @Override
  public void set() {
    attachment.check();
    try {
      word.set();
    } finally {
      Reference.reachabilityFence(this); // or the cleaner might free the cell in the midst
    }
  }

  /// Takes the event back: who waits from now on waits for the next time that it is set.
  @Override
  public void clear() {
    attachment.check();
    try {
      word.clear();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /// Waits until the event is set.
  ///
  /// @throws InterruptedException if the thread is interrupted before or while it waits
  @Override
  public void await() throws InterruptedException {
    boolean _ = await(Waiting.forever());
  }

  /// Waits until the event is set. An interrupt does not end the wait.
  public void awaitUninterruptibly() {
    attachment.check();
    try {
      boolean _ = word.await(Waiting.forever(), false, attachment);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /// Waits until the event is set, up to a limit.
  ///
  /// @param time how long; not more than zero means not to wait
  /// @param unit the unit of the time
  /// @return false if the limit was reached
  /// @throws InterruptedException if the thread is interrupted before or while it waits
  @Override
  public boolean await(long time, TimeUnit unit) throws InterruptedException {
    return await(Until.after(unit.toNanos(time)));
  }

  /// Name and state: `SharedEvent[event-1, set]`.
  @Override
  public String toString() {
    return described(attachment.isUsable() ? word.isSet() ? "set" : "not set" : end());
  }

  private boolean await(long deadline) throws InterruptedException {
    attachment.check();
    Interruption.checkInterrupt();
    try {
      return word.await(deadline, true, attachment);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  void wakeAll() {
    word.wakeAll();
  }

  private Object writeReplace() {
    return SyncHandles.of(this);
  }
}

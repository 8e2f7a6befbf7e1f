package io.procession.connection;

import io.procession.internal.log.LibraryLogger;
import io.procession.internal.posix.Interruption;
import io.procession.internal.posix.Until;
import io.procession.internal.watch.Source;
import io.procession.internal.watch.Watcher;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What lies between a listening socket and who accepts connections from it: TLS and authentication,
/// done with many peers at a time, so that nobody waits for one who is slow, silent or hostile.
///
/// Safe for all threads.
final class Reception implements Source.OfJvm, AutoCloseable {
  /*
   * A doorman takes streams from the socket as long as somebody wants a connection: has called
   * `accept`, or waits for any of several objects. Each stream gets a virtual thread, which ends with
   * a connection that is finished or with a stream that is closed, at the time limit at the latest.
   *
   * There are so many unfinished ones at most. When another comes, the oldest goes: an honest peer
   * takes milliseconds, so a flood would have to bring that many in this time to drop one. Refusing
   * the new instead would let so many silent peers shut the door until their time is up. The oldest
   * goes as well when the process has run out of descriptors.
   *
   * Streams are taken on demand only, since several processes may listen on one socket: who does not
   * accept leaves them to the others. What was begun goes on without demand.
   */
  static final int MOST_UNFINISHED = 256;

  private static final int ENOUGH_FINISHED = 64;
  private static final System.Logger LOGGER = LibraryLogger.of("io.procession.connection");

  /// Where the streams come from.
  interface Door {
    /// The next stream, or null if none came by the deadline.
    ///
    /// @throws IOException if none can be had, for good or for now
    @Nullable ByteStream accept(long deadline) throws IOException, InterruptedException;

    /// True if no stream will come any more.
    boolean isClosed();
  }

  private final Door door;
  private final ConnectionOptions options;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /// Made as long as there is some.
  private final IOException noMemory =
      new IOException("accepting a connection failed, and no memory was left to say how");

  private final ArrayDeque<Connection> finished = new ArrayDeque<>();
  private final LinkedHashSet<ByteStream> unfinished = new LinkedHashSet<>();
  private final Set<Watcher> watchers = new LinkedHashSet<>();
  private int callers;
  private @Nullable Thread doorman;
  private @Nullable IOException failure;
  private boolean isClosed;
  private long refusals;

  /// @param door closed by its owner, before this
  Reception(Door door, ConnectionOptions options) {
    this.door = door;
    this.options = options;
  }

  /// The next connection that is finished, or null if there is none by a deadline.
  ///
  /// @throws IOException if the socket is closed, or gives none for now
  @Nullable Connection accept(long deadline) throws IOException, InterruptedException {
    if (!Handshake.isNeeded(options)) {
      ByteStream stream = door.accept(deadline);
      return stream == null ? null : Handshake.asListener(stream, options);
    }
    if (Until.hasPassed(deadline)) {
      admitNow(); // a doorman would find that nobody wants a connection any more
    }
    try {
      lock.lockInterruptibly();
      try {
        callers++;
        return awaitFinished(deadline);
      } finally {
        callers--;
        restIfUnwanted();
        lock.unlock();
      }
    } catch (InterruptedException e) {
      throw Interruption.thrown(e);
    }
  }

  private @Nullable Connection awaitFinished(long deadline)
      throws IOException, InterruptedException {
    while (true) {
      Connection connection = finished.poll();
      if (connection != null) {
        return connection;
      }
      throwFailure();
      work();
      long left = Until.nanosLeft(deadline);
      if (left == 0) {
        return null;
      }
      changed.await(left, TimeUnit.NANOSECONDS);
    }
  }

  private void throwFailure() throws IOException {
    if (isClosed) {
      throw new ClosedChannelException();
    }
    IOException why = failure;
    if (why != null) {
      failure = null;
      throw why;
    }
  }

  /// How many peers were turned away: they lacked the key, spoke otherwise, or were too slow.
  long refusals() {
    lock.lock();
    try {
      return refusals;
    } finally {
      lock.unlock();
    }
  }

  /// @throws IllegalStateException if it is closed, as that of any other source
  @Override
  public boolean isReady() {
    boolean isReady;
    boolean isAttended;
    lock.lock();
    try {
      if (isClosed) {
        throw new IllegalStateException("closed in this process: " + this);
      }
      isReady = hasNews();
      isAttended = doorman != null;
    } finally {
      lock.unlock();
    }
    if (!isReady && !isAttended) {
      try {
        admitNow(); // who only looks, again and again, must see somebody in the end
      } catch (IOException e) {
        fail(e);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
    return isReady;
  }

  /// Called with the lock held.
  private boolean hasNews() {
    return isClosed || failure != null || !finished.isEmpty();
  }

  /// Takes the streams that are there, for those who do not wait.
  private void admitNow() throws IOException, InterruptedException {
    ByteStream stream = door.accept(Until.NOW);
    while (stream != null) {
      admit(stream);
      stream = door.accept(Until.NOW);
    }
  }

  @Override
  public void watch(Watcher watcher) {
    boolean hasNews;
    lock.lock();
    try {
      watchers.add(watcher);
      work();
      hasNews = hasNews();
    } finally {
      lock.unlock();
    }
    if (hasNews) {
      watcher.ring(this);
    }
  }

  @Override
  public void unwatch(Watcher watcher) {
    lock.lock();
    try {
      watchers.remove(watcher);
      restIfUnwanted();
    } finally {
      lock.unlock();
    }
  }

  /// Closes what nobody has accepted, and ends who waits here.
  @Override
  public void close() {
    List<Connection> unclaimed;
    List<ByteStream> begun;
    lock.lock();
    try {
      isClosed = true;
      unclaimed = List.copyOf(finished);
      begun = List.copyOf(unfinished);
      finished.clear();
      unfinished.clear();
      restIfUnwanted();
      tell();
    } finally {
      lock.unlock();
    }
    unclaimed.forEach(Connection::close);
    begun.forEach(ByteStream::close);
  }

  /// Called with the lock held: there is something to look at.
  private void tell() {
    changed.signalAll();
    for (Watcher watcher : watchers) {
      watcher.ring(this);
    }
  }

  private boolean isWanted() {
    boolean somebodyWaits = callers > 0 || !watchers.isEmpty();
    return somebodyWaits && !isClosed && failure == null && finished.size() < ENOUGH_FINISHED;
  }

  /// Called with the lock held: makes the doorman work, if he does not.
  private void work() {
    if (doorman == null && isWanted()) {
      doorman = Thread.ofVirtual().name("procession-reception").start(this::admitAll);
    }
  }

  /// Called with the lock held: lets the doorman rest when nobody wants a connection.
  private void restIfUnwanted() {
    Thread known = doorman;
    if (known != null && !isWanted()) {
      known.interrupt();
    }
  }

  private void admitAll() {
    boolean done = false;
    try {
      admitWhileWanted();
      done = true;
    } finally {
      if (!done) {
        fallAsleep();
      }
    }
  }

  /// An error that could not be told: whoever wants a connection next makes another doorman work.
  private void fallAsleep() {
    lock.lock();
    try {
      doorman = null;
      failure = noMemory;
      tell();
    } finally {
      lock.unlock();
    }
  }

  private void admitWhileWanted() {
    while (goesOn()) {
      try {
        ByteStream stream = door.accept(Until.FOREVER);
        if (stream != null) {
          admit(stream);
        }
      } catch (InterruptedException _) {
        // somebody may want no connection any more
      } catch (IOException e) {
        fail(e);
      } catch (RuntimeException | Error e) {
        fail(new IOException("accepting a connection failed: " + e, e));
      }
    }
  }

  private boolean goesOn() {
    lock.lock();
    try {
      if (!isWanted()) {
        doorman = null;
      }
      return doorman != null;
    } finally {
      lock.unlock();
    }
  }

  private void fail(IOException why) {
    boolean isShort = Places.isShortage(why);
    ByteStream dropped = null;
    lock.lock();
    try {
      dropped = isShort && !unfinished.isEmpty() ? unfinished.removeFirst() : null;
      if (dropped == null) {
        failure = why;
        tell();
      } else {
        refusals++;
      }
    } finally {
      lock.unlock();
    }
    if (dropped != null) {
      dropped.close(); // its descriptor is what was short
    }
  }

  private void admit(ByteStream stream) {
    ByteStream dropped = null;
    boolean isAdmitted;
    lock.lock();
    try {
      isAdmitted = !isClosed;
      if (isAdmitted) {
        if (unfinished.size() == MOST_UNFINISHED) {
          dropped = unfinished.removeFirst();
          refusals++;
        }
        unfinished.add(stream);
      }
    } finally {
      lock.unlock();
    }
    if (dropped != null) {
      dropped.close();
    }
    boolean isGreeted = false;
    try {
      if (isAdmitted) {
        Thread.ofVirtual().name("procession-handshake").start(() -> greet(stream));
        isGreeted = true;
      }
    } finally {
      if (!isGreeted) {
        stream.close();
        hand(stream, null);
      }
    }
  }

  @Override
  public String toString() {
    return door.toString();
  }

  private void greet(ByteStream stream) {
    Connection connection = null;
    try {
      connection = Handshake.asListener(stream, options);
    } catch (IOException | RuntimeException e) {
      LOGGER.log(System.Logger.Level.DEBUG, "no connection was made of " + stream, e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // nobody has this thread to interrupt it
    } finally {
      hand(stream, connection);
    }
  }

  /// @param connection what has become of the stream, null if nothing has
  private void hand(ByteStream stream, @Nullable Connection connection) {
    boolean isLate;
    lock.lock();
    try {
      isLate = !unfinished.remove(stream);
      if (connection == null) {
        refusals += isLate ? 0 : 1;
      } else if (!isLate) {
        finished.add(connection);
        tell();
      }
    } finally {
      lock.unlock();
    }
    if (isLate && connection != null) {
      connection.close();
    }
  }
}

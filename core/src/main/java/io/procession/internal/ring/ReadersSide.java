package io.procession.internal.ring;

import io.procession.internal.arena.Spin;
import io.procession.internal.arena.UserSet;
import io.procession.internal.arena.Words;
import io.procession.internal.posix.Until;
import io.procession.serial.LargeArrays;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What readers do with a ring: take their lock, take or look, wake writers; wait where there is
/// nothing.
final class ReadersSide {
  private static final int AT_A_TIME = 256;
  private static final long BYTES_AT_A_TIME = 256 << 10;
  private static final byte[] NO_BYTES = {};
  static final int ALL = Integer.MAX_VALUE;

  private final RingUse use;
  private final RingLocks locks;
  private final RingReader reader;
  private final InFlight ends;
  private final @Nullable EndUsers writers;
  private final ShutDown shutDown;
  private final @Nullable OpenTasks tasks;
  private final Sleepers sleepingReaders;
  private final Sleepers sleepingWriters;
  private final Spin spin;
  private final MemorySegment memory;
  private final long tailAt;
  private final long goneAt;
  private final boolean bounded;
  private final boolean waitsForEither;
  private final Reading<byte @Nullable []> taking = this::takeWithEnds;

  ReadersSide(
      RingUse use,
      long control,
      RingReader reader,
      InFlight ends,
      @Nullable EndUsers writers,
      ShutDown shutDown,
      @Nullable OpenTasks tasks,
      Sleepers sleepingReaders,
      Sleepers sleepingWriters,
      Spin spin,
      boolean bounded,
      boolean waitsForEither) {
    this.use = use;
    this.locks = use.locks();
    this.reader = reader;
    this.ends = ends;
    this.writers = writers;
    this.shutDown = shutDown;
    this.tasks = tasks;
    this.sleepingReaders = sleepingReaders;
    this.sleepingWriters = sleepingWriters;
    this.spin = spin;
    this.memory = use.session().memory();
    this.tailAt = control + RingLayout.TAIL_SEQUENCE_AT;
    this.goneAt = control + RingLayout.GONE_AT;
    this.bounded = bounded;
    this.waitsForEither = waitsForEither;
  }

  /// An operation of the readers' side that needs a number at most.
  private interface Reading<T extends @Nullable Object> {
    T on(RingReader reader, int number);
  }

  /// @param arrays gets the long arrays of the message; null if they are bytes as others are
  byte @Nullable [] take(long deadline, int most, @Nullable LargeArrays arrays)
      throws InterruptedException {
    RingWait wait = null;
    while (true) {
      if (wait != null) {
        wait.listen();
      }
      byte[] bytes = takeNow(most, arrays);
      if (bytes != null) {
        return bytes;
      }
      byte[] end = end();
      if (end != null) {
        byte[] last = takeNow(most, arrays); // what came before the end
        return last != null ? last : end;
      }
      if (Until.hasPassed(deadline)) {
        return null;
      }
      if (wait == null) {
        wait = newWait();
      } else {
        wait.rest(deadline);
      }
    }
  }

  /// The signal that nothing will come any more, or null.
  private byte @Nullable [] end() {
    if (shutDown.isShut()) {
      return MessageRing.SHUT_DOWN;
    }
    return writers != null && writers.isAbandoned() ? MessageRing.ENDED : null;
  }

  private RingWait newWait() {
    return new RingWait(use.session().waiting(), sleepingReaders, spin);
  }

  @SuppressWarnings("ReferenceEquality") // an array that is a signal, not a message
  private byte @Nullable [] takeNow(int most, @Nullable LargeArrays arrays) {
    use.check();
    if (isEmpty()) {
      return null;
    }
    byte[] bytes = underLock(taking, most, Until.FOREVER, null, arrays);
    if (bytes == MessageRing.TOO_LONG) {
      sleepingReaders.passOn();
    }
    return bytes;
  }

  /// Takes the next message to the beginning of a segment, if there is one, it fits, and messages of
  /// this ring bring no ends of pipes.
  ///
  /// @return its length, [MessageRing#NONE] or [MessageRing#NOT_TAKEN]
  int takeInto(MemorySegment target) {
    use.check();
    if (isEmpty()) {
      return MessageRing.NONE;
    }
    if (ends.isUsed()) {
      return MessageRing.NOT_TAKEN;
    }
    int length = underLock((side, _) -> side.takeInto(target), 0);
    if (length == MessageRing.NOT_TAKEN) {
      sleepingReaders.passOn();
    }
    return length;
  }

  /// Takes the next message, if there is one; of one for which there is no memory only the first bytes.
  byte @Nullable [] takeHead(int most) {
    use.check();
    return isEmpty()
        ? null
        : underLock((side, bytes) -> takeWithEnds(side, ALL, (of, _) -> of.takeHead(bytes)), most);
  }

  /// Takes messages of a sequence below `end` under one lock, as many as it may be held for.
  ///
  /// @param into gets them, also if this throws
  void takeAll(List<byte[]> into, int most, long end) {
    use.check();
    if (!isEmpty()) {
      underLock(
          (side, atMost) -> {
            long bytes = 0;
            int taken = 0;
            while (taken < atMost && bytes < BYTES_AT_A_TIME) {
              byte[] next = side.headSequence() < end ? takeInto(into, side) : null;
              if (next == null) {
                break;
              }
              bytes += next.length;
              taken++;
            }
            return taken;
          },
          Math.min(most, AT_A_TIME));
    }
  }

  /// Its place in the list comes first: what has been taken cannot be lost for want of one.
  private byte @Nullable [] takeInto(List<byte[]> into, RingReader side) {
    into.add(NO_BYTES);
    byte[] next = null;
    try {
      next = takeWithEnds(side, ALL);
      if (next != null) {
        into.set(into.size() - 1, next);
      }
      return next;
    } finally {
      if (next == null) {
        into.removeLast();
      }
    }
  }

  /// Takes the next message, if there is one and the lock can be had by a time of [System#nanoTime()].
  ///
  /// @return the message, null if there is none, [MessageRing#LOCKED] if somebody had the lock for so long
  byte @Nullable [] takeBy(long deadline) {
    use.check();
    return isEmpty() ? null : underLock(taking, ALL, deadline, MessageRing.LOCKED, null);
  }

  private <T extends @Nullable Object> T underLock(Reading<T> reading, int number) {
    return underLock(reading, number, Until.FOREVER, null, null);
  }

  /// Does something under the readers' lock, and then tells the writers what has gone.
  ///
  /// @param deadline how long to wait for the lock
  /// @param locked what to answer if that was too short
  /// @param arrays gets the long arrays of a message that is taken, if it is not null
  @SuppressWarnings("NullAway") // what is answered after a deadline, where there is one
  private <T extends @Nullable Object> T underLock(
      Reading<T> reading,
      int number,
      long deadline,
      @Nullable T locked,
      @Nullable LargeArrays arrays) {
    T result;
    int gone;
    boolean freedMemory;
    boolean done = false;
    try {
      if (deadline == Until.FOREVER) {
        locks.lockReaders();
      } else if (!locks.lockReaders(deadline)) {
        done = true;
        return locked;
      }
      reader.begin(arrays);
      result = reading.on(reader, number);
      gone = reader.gone();
      freedMemory = reader.hasFreedMemory();
      locks.unlockReaders();
      done = true;
    } finally {
      if (!done) {
        locks.letGo();
      }
    }
    wakeWriters(gone, freedMemory);
    if (tasks != null && gone != 0) {
      wakeJoiners(tasks);
    }
    locks.mendIfDamaged(deadline);
    return result;
  }

  /// Takes the next message, and makes this process have what ends of pipes it has the last handles of.
  private byte @Nullable [] takeWithEnds(RingReader side, int most) {
    return takeWithEnds(side, most, RingReader::take);
  }

  @SuppressWarnings("ReferenceEquality") // an array that is a signal, not a message
  private byte @Nullable [] takeWithEnds(
      RingReader side, int most, Reading<byte @Nullable []> take) {
    byte[] bytes = ends.isUsed() ? takeAndOpenEnds(side, most, take) : take.on(side, most);
    if (tasks != null && bytes != null && bytes != MessageRing.TOO_LONG) {
      tasks.taken();
    }
    return bytes;
  }

  private byte @Nullable [] takeAndOpenEnds(
      RingReader side, int most, Reading<byte @Nullable []> take) {
    int length = side.nextLength();
    List<EndUsers> brought =
        length >= 0 && length <= most ? ends.openLastIn(side.headSequence()) : List.of();
    byte[] bytes = null;
    try {
      bytes = take.on(side, most);
    } finally {
      if (!brought.isEmpty()) {
        Undecoded.add(bytes != null ? bytes : new byte[0], brought);
      }
    }
    return bytes;
  }

  /// Waits for a message or the end.
  ///
  /// @return whether [#take] would not wait now
  boolean awaitMessage(long deadline) throws InterruptedException {
    RingWait wait = newWait();
    try {
      while (true) {
        wait.listen();
        if (isReady()) {
          return true;
        }
        if (Until.hasPassed(deadline)) {
          return false;
        }
        wait.rest(deadline);
      }
    } finally {
      wait.passOn(); // a message may be there, and is not taken here
    }
  }

  /// Whether [#take] would not wait now.
  boolean isReady() {
    use.check();
    boolean isEmpty = isEmpty();
    if (!isEmpty && locks.mendReaders()) { // one that is dead may have left the count too low
      isEmpty = isEmpty();
    }
    return !isEmpty || end() != null;
  }

  int nextLength() {
    use.check();
    return isEmpty() ? -1 : underLock((reading, _) -> reading.nextLength(), 0);
  }

  /// Takes and forgets all messages that are there at the time of the call.
  void clear() {
    long end = Words.getLongVolatile(memory, tailAt);
    int discarded = AT_A_TIME;
    while (discarded == AT_A_TIME) {
      use.check();
      discarded = underLock((reading, most) -> reading.discard(most, end), AT_A_TIME);
    }
  }

  RingScan scan(MessageRing ring) {
    use.check();
    return new RingScan(ring, shutDown.isDropped() ? 0 : Words.getLongVolatile(memory, tailAt));
  }

  /// Looks at messages under the readers' lock.
  int read(RingScan scan, int most) {
    use.check();
    return underLock((reading, atMost) -> scan.read(memory, reading, atMost), most);
  }

  /// Takes a message that a scan has found out of the middle.
  boolean remove(RingScan.Found found) {
    use.check();
    return underLock((reading, _) -> reading.remove(found.sequence(), found.position()), 0);
  }

  /// How many messages there are.
  long size() {
    use.check();
    if (shutDown.isDropped()) {
      return 0;
    }
    boolean _ = locks.mendReaders(); // one that is dead may have left the count too low
    while (true) {
      long gone = Words.getLongVolatile(memory, goneAt);
      long tail = Words.getLongVolatile(memory, tailAt);
      if (gone == Words.getLongVolatile(memory, goneAt)) {
        return tail - gone;
      }
    }
  }

  /// Counts one message as done with that a process has taken.
  ///
  /// @return whether there was one
  boolean taskDone(OpenTasks counted) {
    use.check();
    try {
      int left = counted.done();
      if (left == 0) {
        wakeJoiners(counted);
      }
      return left >= 0;
    } finally {
      use.check(); // what was changed is the ring's own, or its end is told
    }
  }

  /// How many messages are there, or were taken by a living process that is not done with them.
  ///
  /// Under the readers' lock nothing is taken: open tasks only become fewer, then the messages only
  /// more. So if both are none when read in this order, they were at once.
  long unfinished(OpenTasks counted) {
    use.check();
    return underLock((_, _) -> counted.open() + left(), 0);
  }

  /// Waits until nothing is unfinished.
  ///
  /// @return false if something still was at the deadline
  boolean join(OpenTasks counted, long deadline) throws InterruptedException {
    int announced = 0;
    while (true) {
      int heard = use.session().waiting().bell();
      if (unfinished(counted) == 0) {
        return true;
      }
      if (Until.hasPassed(deadline)) {
        return false;
      }
      if (announced == 0) {
        announced = counted.joiners().announce();
      } else {
        counted.probe();
        counted.joiners().sleep(announced, heard, Until.ofClock(deadline));
        announced = 0;
      }
    }
  }

  /// Wakes those who wait for the end of all tasks, unless there are messages: then their takers will.
  void wakeJoiners(OpenTasks counted) {
    if (isEmpty()) {
      counted.joiners().wakeAll();
    }
  }

  private long left() {
    if (shutDown.isDropped()) {
      return 0;
    }
    return Words.getLongVolatile(memory, tailAt) - Words.getLongVolatile(memory, goneAt);
  }

  /// Puts this process into one of the ring's two sets of users.
  void join(UserSet users) {
    boolean done = false;
    try {
      locks.lockReaders(); // so nobody frees the memory of the set meanwhile
      use.session().holdings().join(users);
      locks.unlockReaders();
      done = true;
    } finally {
      if (!done) {
        locks.letGo();
      }
    }
    locks.mendIfDamaged();
  }

  private void wakeWriters(int gone, boolean freedMemory) {
    if (waitsForEither) {
      if (gone != 0 || freedMemory) { // a place may be of no use to who waits for memory
        sleepingWriters.wake(Words.getLongVolatile(memory, goneAt), ALL);
      }
    } else if (bounded) {
      if (gone != 0) {
        sleepingWriters.wake(Words.getLongVolatile(memory, goneAt), gone);
      }
    } else if (freedMemory) {
      sleepingWriters.wake(Words.getLongVolatile(memory, goneAt), ALL);
    }
  }

  private boolean isEmpty() {
    if (shutDown.isDropped()) {
      return true;
    }
    long gone = Words.getLongVolatile(memory, goneAt);
    return !reader.knowsOfMore(gone) && Words.getLongVolatile(memory, tailAt) == gone;
  }
}

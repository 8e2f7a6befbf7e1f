package io.procession.internal.ring;

import io.procession.internal.arena.Spin;
import io.procession.internal.posix.Until;
import io.procession.internal.ring.MessageRing.Outcome;
import io.procession.serial.ByteSink;
import io.procession.serial.Handle;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What writers do with a ring: take their lock, append, wake readers; wait where there is no room.
final class WritersSide {
  private static final byte[] NO_BYTES = new byte[0];

  private final RingUse use;
  private final RingLocks locks;
  private final RingWriter writer;
  private final InFlight ends;
  private final @Nullable EndUsers readers;
  private final Sleepers sleepingReaders;
  private final Sleepers sleepingWriters;
  private final Spin spin;

  WritersSide(
      RingUse use,
      RingWriter writer,
      InFlight ends,
      @Nullable EndUsers readers,
      Sleepers sleepingReaders,
      Sleepers sleepingWriters,
      Spin spin) {
    this.use = use;
    this.locks = use.locks();
    this.writer = writer;
    this.ends = ends;
    this.readers = readers;
    this.sleepingReaders = sleepingReaders;
    this.sleepingWriters = sleepingWriters;
    this.spin = spin;
  }

  /// Appends a message.
  ///
  /// @param throwing whether it throws where memory is short, or waits
  Outcome put(
      byte[] bytes, int from, int length, List<Handle> handles, long deadline, boolean throwing)
      throws InterruptedException {
    Objects.checkFromIndexSize(from, length, bytes.length);
    return put(null, bytes, from, length, handles, deadline, throwing);
  }

  /// Appends a message that is in memory of any kind, waiting where memory is short.
  Outcome put(MemorySegment message, long deadline) throws InterruptedException {
    Content content = new Content.OfSegment(message);
    return put(content, NO_BYTES, 0, content.length(), List.of(), deadline, false);
  }

  /// Appends the bytes of a sink, with its handles.
  Outcome put(ByteSink message, long deadline, boolean throwing) throws InterruptedException {
    List<Handle> handles = message.handles();
    byte[] table = message.arrayTable();
    if (table.length == 0) {
      int length = message.length();
      return put(null, message.array(), 0, length, handles, deadline, throwing);
    }
    Content content = new Content.OfSink(message, table);
    return put(content, NO_BYTES, 0, content.length(), handles, deadline, throwing);
  }

  /// @param message the message, or null if it is a part of `bytes`
  private Outcome put(
      @Nullable Content message,
      byte[] bytes,
      int from,
      int length,
      List<Handle> handles,
      long deadline,
      boolean throwing)
      throws InterruptedException {
    checkLength(length);
    RingWait wait = null;
    while (true) {
      if (wait != null) {
        wait.listen();
      }
      Outcome outcome = append(message, bytes, from, length, handles, throwing);
      if (outcome != null) {
        return outcome;
      }
      if (locks.mendReaders()) {
        continue;
      }
      if (Until.hasPassed(deadline)) {
        return Outcome.TIMED_OUT;
      }
      if (wait == null) {
        wait = newWait();
      } else {
        wait.rest(deadline);
      }
    }
  }

  /// Appends the messages of a batch in their order, as many at a time as there is room for.
  ///
  /// @return [Outcome#DONE] if all are appended
  Outcome putAll(MessageBatch batch, long deadline, boolean throwing) throws InterruptedException {
    RingWait wait = null;
    while (true) {
      if (wait != null) {
        wait.listen();
      }
      Outcome outcome = append(batch, throwing);
      if (outcome != null) {
        return outcome;
      }
      if (locks.mendReaders()) {
        continue;
      }
      if (Until.hasPassed(deadline)) {
        return Outcome.TIMED_OUT;
      }
      if (wait == null) {
        wait = newWait();
      } else {
        wait.rest(deadline);
      }
    }
  }

  void checkFits(int length) {
    checkLength(length);
    writer.checkFits(length);
  }

  private RingWait newWait() {
    return new RingWait(use.session().waiting(), sleepingWriters, spin);
  }

  private static void checkLength(int length) {
    if (length > SegmentLayout.MAX_MESSAGE) {
      throw new IllegalArgumentException(
          "a message has at most " + SegmentLayout.MAX_MESSAGE + " bytes: length=" + length);
    }
  }

  /// @return null if there is no room
  private @Nullable Outcome append(
      @Nullable Content message,
      byte[] bytes,
      int from,
      int length,
      List<Handle> handles,
      boolean throwing) {
    use.check();
    RingWriter.Room room;
    long sequence = 0;
    boolean done = false;
    try {
      locks.lockWriters();
      room = writer.room(length);
      if (room == RingWriter.Room.THERE) {
        if (!handles.isEmpty()) {
          writer.open(length); // there may be no memory: then they do not leave
          ends.note(handles);
        }
        sequence = message != null ? writer.append(message) : writer.append(bytes, from, length);
      }
      locks.unlockWriters();
      done = true;
    } finally {
      if (!done) {
        locks.letGo();
      }
    }
    if (room == RingWriter.Room.THERE) {
      sleepingReaders.wake(sequence, 1);
      locks.mendIfDamaged();
      return Outcome.DONE;
    }
    return refusal(room, length, throwing);
  }

  private @Nullable Outcome append(MessageBatch batch, boolean throwing) {
    use.check();
    RingWriter.Room room = RingWriter.Room.THERE;
    long sequence = 0;
    int appended = 0;
    boolean done = false;
    try {
      locks.lockWriters();
      while (batch.left() > 0 && room == RingWriter.Room.THERE) {
        checkLength(batch.nextLength());
        room = writer.room(batch.nextLength());
        if (room == RingWriter.Room.THERE) {
          List<Handle> handles = batch.nextHandles();
          if (!handles.isEmpty()) {
            writer.open(batch.nextLength()); // as above
            ends.note(handles);
          }
          sequence = writer.append(batch.bytes(), batch.nextFrom(), batch.nextLength());
          batch.advance();
          appended++;
        }
      }
      locks.unlockWriters();
      done = true;
    } finally {
      if (!done) {
        locks.letGo();
      }
      if (appended > 0) {
        sleepingReaders.wake(sequence, appended);
      }
    }
    locks.mendIfDamaged();
    return batch.left() == 0 ? Outcome.DONE : refusal(room, batch.nextLength(), throwing);
  }

  /// How an operation ends for which there is no room; null if it goes on, waiting for some.
  private @Nullable Outcome refusal(RingWriter.Room room, int length, boolean throwing) {
    if (room == RingWriter.Room.SHUT_DOWN) {
      return Outcome.SHUT_DOWN;
    }
    if (throwing && room == RingWriter.Room.OUT_OF_MEMORY) {
      throw writer.outOfMemory(length);
    }
    return readers != null && readers.isAbandoned() ? Outcome.ABANDONED : null;
  }

  /// Appends a message if there is room, and the lock can be had by a time of [System#nanoTime()].
  ///
  /// @return whether it was appended
  boolean putBy(byte[] message, long deadline) {
    use.check();
    checkLength(message.length);
    long sequence = 0;
    boolean isThere;
    boolean done = false;
    try {
      if (!locks.lockWriters(deadline)) {
        done = true;
        return false;
      }
      isThere = writer.room(message.length) == RingWriter.Room.THERE;
      if (isThere) {
        sequence = writer.append(message, 0, message.length);
      }
      locks.unlockWriters();
      done = true;
    } finally {
      if (!done) {
        locks.letGo();
      }
    }
    if (isThere) {
      sleepingReaders.wake(sequence, 1);
    }
    locks.mendIfDamaged(deadline);
    return isThere;
  }

  /// Lets nothing be appended any more.
  void shutDown(ShutDown word, int state) {
    use.check();
    boolean done = false;
    try {
      locks.lockWriters();
      word.set(state);
      locks.unlockWriters();
      done = true;
    } finally {
      if (!done) {
        locks.letGo();
      }
    }
    locks.mendIfDamaged();
  }
}

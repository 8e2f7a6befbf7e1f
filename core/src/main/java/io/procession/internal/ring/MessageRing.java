package io.procession.internal.ring;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Directory;
import io.procession.internal.arena.FailPoint;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Spin;
import io.procession.internal.arena.Units;
import io.procession.internal.arena.UserSet;
import io.procession.internal.arena.Words;
import io.procession.internal.posix.Until;
import io.procession.serial.ByteSink;
import io.procession.serial.LargeArrays;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A first-in first-out queue of byte messages in the arena, for any number of writers and readers
/// in any number of processes.
///
/// Messages of one writer keep their order. A message is there whole or not at all, whoever is
/// killed when; one that a reader had taken goes with that reader. Safe for all threads; blocking
/// methods end on interrupt.
public final class MessageRing {
  /*
   * Two sides with a lock each, so that a writer and a reader never wait for one another. A writer
   * copies its message behind the tail and then publishes it by one store, the tail sequence; a
   * reader copies the message at the head out and then takes it by one store, the head sequence.
   * Those two words are all that others go by. Everything else is owned by the side's lock and can
   * be derived: who takes a lock from a dead owner derives its side's position (recover), and marks
   * the ring as damaged; the next operation that holds no lock takes both, the readers' first, and
   * sweeps what lies about (Sweep).
   *
   * Memory is a chain of segments. A writer links a new one when a message does not fit; a reader
   * that meets the end mark passes on to the next and hands the old one to the spares. A segment
   * that has the tail is never passed: its end mark is met only by a reader that knows of a message
   * behind it.
   *
   * How many messages are there is one word of the writers, the tail sequence, less one word of the
   * readers, gone. A reader raises it right after the head sequence, still under its lock; so who
   * finds the two words equal knows that the ring is empty, and who finds them different asks for
   * the lock.
   */

  /// What [#take] returns when nothing will come any more.
  public static final byte[] ENDED = new byte[0];

  /// What [#take] returns when nothing will come any more, because of [#shutDown].
  public static final byte[] SHUT_DOWN = new byte[0];

  /// What [#take] returns when the next message is longer than it may be; it stays.
  public static final byte[] TOO_LONG = new byte[0];

  /// Instead of a message: somebody had the readers' lock for too long.
  public static final byte[] LOCKED = new byte[0];

  /// What [#takeInto] returns when there is no message.
  public static final int NONE = -1;

  /// What [#takeInto] returns when the next message must be taken as an array.
  public static final int NOT_TAKEN = -2;

  /// How a [#put] ended.
  public enum Outcome {
    DONE,
    TIMED_OUT,
    /// Nobody has the reading end any more.
    ABANDONED,
    /// Nothing is appended any more.
    SHUT_DOWN
  }

  private final Session session;
  private final CellRef ref;
  private final MemorySegment memory;
  private final int controlUnit;
  private final long tailAt;
  private final long goneAt;
  private final boolean waitsForMemory;
  private final long capacity;
  private final @Nullable EndUsers writers;
  private final @Nullable EndUsers readers;
  private final InFlight ends;
  private final RingLocks locks;
  private final RingUse use;
  private final ShutDown shutDown;
  private final @Nullable OpenTasks tasks;
  private final Sleepers sleepingReaders;
  private final Sleepers sleepingWriters;
  private final WritersSide writersSide;
  private final ReadersSide readersSide;

  private MessageRing(
      Session session,
      CellRef ref,
      int controlUnit,
      @Nullable EndUsers writers,
      @Nullable EndUsers readers,
      boolean hasOneReader) {
    long control = Units.offset(controlUnit);
    this.session = session;
    this.ref = ref;
    this.memory = session.memory();
    this.controlUnit = controlUnit;
    this.tailAt = control + RingLayout.TAIL_SEQUENCE_AT;
    this.goneAt = control + RingLayout.GONE_AT;
    this.writers = writers;
    this.readers = readers;
    this.ends = new InFlight(session, control);
    this.waitsForMemory =
        Words.getInt(memory, control + RingLayout.AT_LIMIT_AT) == RingLimits.AtLimit.WAIT.code();
    this.capacity = Words.getLong(memory, control + RingLayout.CAPACITY_AT);
    boolean bounded = capacity != RingLimits.UNBOUNDED;
    SpareSegments spares = new SpareSegments(session, ref.cell(), control);
    RingWriter writer = new RingWriter(session, spares, ref.cell(), control, capacity);
    RingReader reader = new RingReader(session, spares, ref.cell(), control);
    this.locks = new RingLocks(session, ref, controlUnit, control, spares, writer, reader);
    this.use = new RingUse(session, ref, locks);
    this.shutDown = new ShutDown(memory, control);
    int taskUnit = Words.getInt(memory, control + RingLayout.TASKS_AT) - 1;
    this.tasks = taskUnit < 0 ? null : new OpenTasks(session, ref, control, taskUnit);
    this.sleepingReaders =
        new Sleepers(
            session,
            ref,
            control + RingLayout.READERS_WAIT_AT,
            tailAt,
            FailPoint.RING_READERS_CLEARED,
            FailPoint.RING_READERS_MARKED,
            new RingWatchers(session, ref, control),
            hasOneReader);
    this.sleepingWriters =
        new Sleepers(
            session,
            ref,
            control + RingLayout.WRITERS_WAIT_AT,
            goneAt,
            FailPoint.RING_WRITERS_CLEARED,
            FailPoint.RING_WRITERS_MARKED,
            null);
    Spin forRoom = Spin.ofLong(memory, bounded ? goneAt : control + RingLayout.UNITS_FREED_AT);
    this.writersSide =
        new WritersSide(use, writer, ends, readers, sleepingReaders, sleepingWriters, forRoom);
    this.readersSide =
        new ReadersSide(
            use,
            control,
            reader,
            ends,
            writers,
            shutDown,
            tasks,
            sleepingReaders,
            sleepingWriters,
            Spin.ofLong(memory, tailAt),
            bounded,
            bounded && waitsForMemory);
  }

  /// Makes an empty ring. It belongs to this process until [#markSent].
  ///
  /// @param tracksUsers whether processes say that they use an end ([#writers], [#readers])
  public static MessageRing create(
      Session session, CellKind kind, String name, RingLimits limits, boolean tracksUsers) {
    return create(session, kind, name, limits, tracksUsers, false);
  }

  /// Makes an empty ring that counts what its takers are not done with: see [#taskDone].
  public static MessageRing createCounting(
      Session session, CellKind kind, String name, RingLimits limits) {
    return create(session, kind, name, limits, false, true);
  }

  private static MessageRing create(
      Session session,
      CellKind kind,
      String name,
      RingLimits limits,
      boolean tracksUsers,
      boolean counting) {
    int cell = session.directory().allocate(kind, name);
    CellRef ref = session.directory().ref(cell);
    boolean made = false;
    try {
      int controlUnit = ControlBlock.format(session, cell, limits, counting);
      if (tracksUsers) {
        session.directory().addUserSets(cell);
      }
      MessageRing ring = of(session, ref, controlUnit);
      made = true;
      return ring;
    } finally {
      if (!made) {
        session.directory().free(ref); // no memory for it
      }
    }
  }

  /// The ring that a reference names.
  ///
  /// @throws IllegalStateException if it is of another session or gone
  public static MessageRing attach(Session session, CellRef ref, CellKind kind) {
    return of(session, ref, ControlBlock.find(session, ref, kind));
  }

  /// Makes the ring that goes the other way: its writers are this ring's readers, and its readers
  /// this ring's writers. This ring leads to it ([#attachBack]).
  public MessageRing createBack(CellKind kind, String name, RingLimits limits) {
    MessageRing back = create(session, kind, name, limits, false).usedAs(this);
    ControlBlock.setBack(session, ref, back.ref);
    return back;
  }

  /// The ring that goes the other way, or null if there is none.
  ///
  /// @throws IllegalStateException if it is gone
  public @Nullable MessageRing attachBack(CellKind kind) {
    long body = Directory.body(ref.cell());
    int cell = Words.getIntAcquire(memory, body + RingLayout.CELL_BACK_AT) - 1;
    if (cell < 0) {
      return null;
    }
    int generation = Words.getInt(memory, body + RingLayout.CELL_BACK_GENERATION_AT);
    locks.checkThere(); // so what was read is this ring's
    return attach(session, new CellRef(ref.session(), cell, generation), kind).usedAs(this);
  }

  /// This ring with the users of the other way.
  private MessageRing usedAs(MessageRing other) {
    return new MessageRing(
        session,
        ref,
        controlUnit,
        /* writers= */ other.readers,
        /* readers= */ other.writers,
        /* hasOneReader= */ false);
  }

  /// This ring, in which at most one thread at a time waits for messages: to wait and to wake is cheaper
  /// then, and a message that wakes nobody a little dearer. All processes that use the ring must say so.
  public MessageRing forOneReader() {
    return new MessageRing(session, ref, controlUnit, writers, readers, true);
  }

  private static MessageRing of(Session session, CellRef ref, int controlUnit) {
    Directory directory = session.directory();
    if (!directory.hasUserSets(ref.cell())) {
      return new MessageRing(session, ref, controlUnit, null, null, false);
    }
    var writers = new EndUsers(session, new EndRef(ref, EndRef.WRITERS));
    var readers = new EndUsers(session, new EndRef(ref, EndRef.READERS));
    return new MessageRing(session, ref, controlUnit, writers, readers, false);
  }

  /// Where the ring lives.
  public CellRef ref() {
    return ref;
  }

  /// Appends a message, waiting until a deadline of [System#nanoTime()] for others to go, or for
  /// memory if this ring's writers wait for that. With a deadline that has passed it does not wait,
  /// and no interrupt is noticed.
  ///
  /// @throws RingFullException if memory is used up and writers do not wait for it
  /// @throws InterruptedException if interrupted while waiting; the message was not appended
  public Outcome put(byte[] bytes, int from, int length, long deadline)
      throws InterruptedException {
    return writersSide.put(bytes, from, length, List.of(), deadline, !waitsForMemory);
  }

  /// Appends a message if there is room, and waits for nothing but for other writers: a process that
  /// was stopped may have their lock for ever.
  ///
  /// @param deadline of [System#nanoTime()]
  /// @return whether it was appended
  public boolean putBy(byte[] message, long deadline) {
    return writersSide.putBy(message, deadline);
  }

  /// Appends a message as [#put(byte[], int, int, long)] does, waiting for memory if that is short.
  ///
  /// @param message the bytes, in memory of any kind that this thread may read
  /// @throws InterruptedException if interrupted while waiting; the message was not appended
  public Outcome put(MemorySegment message, long deadline) throws InterruptedException {
    return writersSide.put(message, deadline);
  }

  /// Appends the bytes of a sink as [#put(byte[], int, int, long)] does. The handles that it keeps
  /// leave right before; if nothing is appended, they do not.
  ///
  /// @throws RingFullException if memory is used up and writers do not wait for it
  /// @throws InterruptedException if interrupted while waiting; the message was not appended
  public Outcome put(ByteSink message, long deadline) throws InterruptedException {
    return writersSide.put(message, deadline, !waitsForMemory);
  }

  /// Appends a message as [#put(byte[], int, int, long)] does, to a ring without bound whose writers do not
  /// wait for memory: so this waits for nothing but other writers, and notices no interrupt.
  ///
  /// @throws RingFullException if memory is used up
  public void append(byte[] message) {
    try {
      put(message, 0, message.length, Until.FOREVER);
    } catch (InterruptedException e) {
      throw new AssertionError("a ring without bound was waited for", e);
    }
  }

  /// Appends the bytes of a sink as [#append(byte[])] does. The handles that it keeps leave right before.
  ///
  /// @throws RingFullException if memory is used up
  public void append(ByteSink message) {
    try {
      put(message, Until.FOREVER);
    } catch (InterruptedException e) {
      throw new AssertionError("a ring without bound was waited for", e);
    }
  }

  /// Appends the bytes of a sink as [#put(ByteSink, long)] does, waiting until a deadline of
  /// [System#nanoTime()] for whatever is short.
  ///
  /// @throws InterruptedException if interrupted while waiting; the message was not appended
  public Outcome offer(ByteSink message, long deadline) throws InterruptedException {
    return writersSide.put(message, deadline, false);
  }

  /// Appends the messages of a batch as [#put(ByteSink, long)] does, in their order, as many at a
  /// time as there is room for. Whatever this throws or returns, [MessageBatch#left] says how many were not
  /// appended.
  ///
  /// @return [Outcome#DONE] if all were
  /// @throws RingFullException if memory is used up and writers do not wait for it
  /// @throws InterruptedException if interrupted while waiting
  public Outcome putAll(MessageBatch batch, long deadline) throws InterruptedException {
    return writersSide.putAll(batch, deadline, !waitsForMemory);
  }

  /// Appends the messages of a batch as [#putAll] does, waiting for whatever is short.
  ///
  /// @return [Outcome#DONE] if all were
  /// @throws InterruptedException if interrupted while waiting
  public Outcome offerAll(MessageBatch batch, long deadline) throws InterruptedException {
    return writersSide.putAll(batch, deadline, false);
  }

  /// Makes sure that there would be room for a message in the empty ring.
  ///
  /// @throws RingFullException if it is longer than messages may be together
  /// @throws IllegalArgumentException if it is longer than any message may be
  public void checkFits(int length) {
    use.check();
    writersSide.checkFits(length);
  }

  /// Takes the next message, waiting for one until a deadline of [System#nanoTime()].
  ///
  /// @return the message, null if none came in time, [#ENDED] or [#SHUT_DOWN]
  /// @throws InterruptedException if interrupted while waiting; nothing was taken
  public byte @Nullable [] take(long deadline) throws InterruptedException {
    return readersSide.take(deadline, Integer.MAX_VALUE, null);
  }

  /// As [#take(long)], but long arrays of primitives in the message are copied for themselves.
  ///
  /// @param arrays gets them, and keeps no others; what is returned are the bytes between them
  /// @throws InterruptedException if interrupted while waiting; nothing was taken
  public byte @Nullable [] take(long deadline, LargeArrays arrays) throws InterruptedException {
    return readersSide.take(deadline, Integer.MAX_VALUE, arrays);
  }

  /// As [#take(long, int)], but long arrays of primitives in the message are copied for themselves.
  ///
  /// @param arrays gets them, if it is not null; what is returned are the bytes between them
  /// @throws InterruptedException if interrupted while waiting; nothing was taken
  public byte @Nullable [] take(long deadline, int most, @Nullable LargeArrays arrays)
      throws InterruptedException {
    return readersSide.take(deadline, most, arrays);
  }

  /// Takes the next message if it is not longer than `most` bytes, waiting for one until a deadline
  /// of [System#nanoTime()].
  ///
  /// @return the message, null if none came in time, [#ENDED], [#SHUT_DOWN] or [#TOO_LONG]
  /// @throws InterruptedException if interrupted while waiting; nothing was taken
  public byte @Nullable [] take(long deadline, int most) throws InterruptedException {
    return readersSide.take(deadline, most, null);
  }

  /// Takes the next message to the beginning of a segment, without waiting and with one copy.
  ///
  /// @param target memory of any kind that this thread may write
  /// @return its length, [#NONE] if there is none, [#NOT_TAKEN] if it must be taken as an array: it is
  ///     longer than the segment, or may bring ends of pipes
  public int takeInto(MemorySegment target) {
    return readersSide.takeInto(target);
  }

  /// Takes the next message, if there is one; of one for which there is no memory only the first bytes, for
  /// whoever must go on behind it. Does not wait.
  ///
  /// @param most how many bytes then
  /// @return the message or so many bytes of it, null if there is none
  public byte @Nullable [] takeHead(int most) {
    return readersSide.takeHead(most);
  }

  /// Takes the next message, if there is one, and waits for nothing but for other readers: a process that was
  /// stopped may have their lock for ever.
  ///
  /// @param deadline of [System#nanoTime()]
  /// @return the message, null if there is none, or [#LOCKED]
  public byte @Nullable [] takeBy(long deadline) {
    return readersSide.takeBy(deadline);
  }

  /// Takes messages that are there, under one lock, as many as it may be held for.
  ///
  /// @param into gets them in their order, also if this throws
  /// @param most how many at most
  /// @param end what [#appended] was: messages that came later are left alone
  public void takeAll(List<byte[]> into, int most, long end) {
    readersSide.takeAll(into, most, end);
  }

  /// Says that a message that was taken has been decoded, or will never be: the ends of pipes that it
  /// brought are this process's only as far as they have been attached. Without this call they are so
  /// once the message is unreachable.
  public static void decoded(byte[] message) {
    Undecoded.remove(message);
  }

  /// Waits until a deadline of [System#nanoTime()] for a message or the end.
  ///
  /// @return whether [#take] would not wait now
  public boolean awaitMessage(long deadline) throws InterruptedException {
    return readersSide.awaitMessage(deadline);
  }

  /// Whether [#take] would not wait now.
  public boolean isReady() {
    return readersSide.isReady();
  }

  /// Has the watch bell of this process ([WatchBells][io.procession.internal.arena.WatchBells]) be
  /// rung by the next message, once. That the end has come is told by the doorbell.
  public void watch() {
    sleepingReaders.watch();
  }

  /// The length of the message that [#take] would return now, or -1 if there is none.
  public int nextLength() {
    return readersSide.nextLength();
  }

  /// Takes and forgets all messages that are there at the time of the call.
  public void clear() {
    List<CellRef> pipes = pipesInMessages();
    readersSide.clear();
    freeAbandoned(pipes);
  }

  /// The messages that are there, to be looked at without taking them.
  public RingScan scan() {
    return readersSide.scan(this);
  }

  /// For [RingScan]: looks at messages under the readers' lock.
  int read(RingScan scan, int most) {
    return readersSide.read(scan, most);
  }

  /// Takes a message that a scan has found out of the middle.
  ///
  /// @return false if somebody has taken or removed it meanwhile
  public boolean remove(RingScan.Found found) {
    List<CellRef> pipes = pipesInMessages();
    boolean removed = readersSide.remove(found);
    freeAbandoned(pipes);
    return removed;
  }

  /// How many messages it holds.
  public long size() {
    return readersSide.size();
  }

  /// Lets nothing be appended any more, in any process. Those who take get what is there, then
  /// [#SHUT_DOWN]; who waits on either side finds that out. Doing it again changes nothing, but for
  /// dropping.
  ///
  /// @param dropping whether what is there is dropped, too
  public void shutDown(boolean dropping) {
    writersSide.shutDown(shutDown, dropping ? ShutDown.DROPPED : ShutDown.ENDING);
    sleepingReaders.wakeAll();
    sleepingWriters.wakeAll();
    if (dropping) {
      clear();
      if (tasks != null) {
        readersSide.wakeJoiners(tasks);
      }
    }
  }

  /// True if [#shutDown] was called in any process.
  public boolean isShutDown() {
    use.check();
    return shutDown.isShut();
  }

  /// Says that somebody is done with one of the messages that were taken: one of this process, or else
  /// of any that lives.
  ///
  /// @return false if nobody has one that is not done
  /// @throws IllegalStateException if the ring does not count
  public boolean taskDone() {
    return readersSide.taskDone(counted());
  }

  /// How many messages are there, or were taken by a living process that is not done with them. Those
  /// that the dead had taken do not count.
  ///
  /// @throws IllegalStateException if the ring does not count
  public long unfinished() {
    return readersSide.unfinished(counted());
  }

  /// Waits until a deadline of [System#nanoTime()] for [#unfinished] to be 0.
  ///
  /// @return whether it was
  /// @throws IllegalStateException if the ring does not count
  public boolean awaitFinished(long deadline) throws InterruptedException {
    return readersSide.join(counted(), deadline);
  }

  private OpenTasks counted() {
    OpenTasks counted = tasks;
    if (counted == null) {
      throw new IllegalStateException(
          "this ring does not count what was taken: cell=" + ref.cell());
    }
    return counted;
  }

  /// How many messages it may hold at a time, [RingLimits#UNBOUNDED] for any number.
  public long capacity() {
    return capacity;
  }

  /// How many messages were ever appended.
  public long appended() {
    return Words.getLongVolatile(memory, tailAt);
  }

  /// How many messages were ever taken or removed.
  public long gone() {
    return Words.getLongVolatile(memory, goneAt);
  }

  /// The processes that have the writing end.
  ///
  /// @throws IllegalStateException if this ring keeps no track of them
  public EndUsers writers() {
    return tracked(writers);
  }

  /// The processes that have the reading end.
  ///
  /// @throws IllegalStateException if this ring keeps no track of them
  public EndUsers readers() {
    return tracked(readers);
  }

  /// Puts this process into one of the ring's two sets of users.
  void join(UserSet users) {
    readersSide.join(users);
  }

  private static EndUsers tracked(@Nullable EndUsers users) {
    if (users == null) {
      throw new IllegalStateException("this ring keeps no track of its users");
    }
    return users;
  }

  /// Notes that a reference leaves this process: the ring lives until it is destroyed.
  public void markSent() {
    session.directory().markSent(ref);
  }

  /// True if the ring has not been destroyed, and this instance is in use.
  public boolean isUsable() {
    return !use.isDetached() && isThere();
  }

  /// True if the ring has not been destroyed.
  public boolean isThere() {
    return session.directory().isThere(ref);
  }

  /// True if a reference has left the process that made it.
  public boolean wasSent() {
    return session.directory().wasSent(ref.cell());
  }

  /// Ends the use of this instance: whoever waits in it, or uses it later, gets an exception.
  public void detach() {
    use.detach();
  }

  /// Frees the ring with all it holds, for every process. Whoever waits for it gets an exception.
  public void destroy() {
    use.destroyed();
    List<CellRef> pipes = pipesInMessages();
    locks.destroy();
    freeAbandoned(pipes);
  }

  /// Frees the ring if no reference has left the process that made it.
  public void destroyUnlessSent() {
    List<CellRef> pipes = pipesInMessages();
    locks.destroyUnlessSent();
    freeAbandoned(pipes);
  }

  /// The pipes of which ends may be in messages that are about to be discarded. Such an end was perhaps
  /// the last.
  private List<CellRef> pipesInMessages() {
    return ends.isUsed() && isThere() ? ends.pipes() : List.of();
  }

  private void freeAbandoned(List<CellRef> pipes) {
    for (CellRef pipe : pipes) {
      EndUsers.freeIfAbandoned(session, pipe);
    }
  }
}

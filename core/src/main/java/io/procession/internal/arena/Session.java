package io.procession.internal.arena;

import io.procession.internal.check.Property;
import io.procession.internal.log.LogState;
import io.procession.internal.posix.AsymmetricFence;
import io.procession.internal.posix.KernelRandom;
import io.procession.internal.posix.LocalProcess;
import io.procession.internal.posix.Platform;
import io.procession.internal.posix.ProcessIdentity;
import io.procession.internal.posix.WordWait;
import java.lang.foreign.MemorySegment;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// This process's part in its session: the arena as it is mapped here, and who we are in it.
///
/// The first process that asks for its session opens one; a child joins its parent's (its main says
/// so with [#enlist] before anything else) and maps the arena when it first needs it. There is one
/// session in a process, for its whole life.
///
/// A [LocalProcess] of this JVM is a participant of its own in the same arena, and has a session of its
/// own with it ([#within]).
public final class Session {
  private static final Object LOCK = new Object();
  private static @Nullable Membership membership;
  private static volatile @Nullable Session current;

  private final MemorySegment memory;
  private final Membership self;
  private final Waiting waiting;
  private final Participants participants;
  private final WatchBells watchBells;
  private final Units units;
  private final Directory directory;
  private final Holdings holdings;
  private final WaitNotes waits;
  private final Burials burials;
  private volatile boolean isOver;
  private boolean isLocal; // set before others know of it

  private Session(MemorySegment memory, Membership self, WordWait strategy) {
    this.memory = memory;
    this.self = self;
    this.waiting = new Waiting(memory, strategy, self.participant());
    this.participants = new Participants(memory, self.participant(), waiting);
    this.watchBells = new WatchBells(memory, self.participant(), waiting, participants);
    this.units = new Units(memory, self.participant());
    UserSets userSets = new UserSets(memory);
    this.directory = new Directory(memory, units, userSets, self.session(), self.participant());
    this.holdings = new Holdings(directory, units, userSets, self.participant(), new Over(this));
    this.waits = new WaitNotes(memory, self.participant());
    this.burials = new Burials(participants, directory, holdings, waits);
  }

  /// This process's session; opens or joins it at the first call.
  ///
  /// @throws IllegalStateException if the calling thread was left behind by a process that has ended
  public static Session current() {
    LocalProcess here = LocalProcess.current();
    return here == null ? ofJvm() : of(here);
  }

  /// The session of the JVM itself, also for threads of a [LocalProcess]: for what a JVM has once.
  public static Session ofJvm() {
    Session session = current;
    return session != null ? session : openOrJoin();
  }

  private static Session of(LocalProcess here) {
    Session session = here.find(Session.class);
    if (session == null || session.isOver) {
      throw new IllegalStateException(
          "the process that this thread belonged to has ended: process="
              + here.name()
              + ", thread="
              + Thread.currentThread().getName());
    }
    return session;
  }

  /// Makes a process of this JVM a participant of its session.
  ///
  /// @param participant who it is, enrolled
  public static Session within(LocalProcess process, int participant) {
    Session jvm = ofJvm();
    var self = new Membership(jvm.self.arena(), jvm.self.session(), participant);
    Session session = new Session(jvm.memory, self, WordWait.of(Platform.current()));
    session.isLocal = true;
    process.put(Session.class, session);
    LogState.setLocal(LocalProcess::currentName);
    return session;
  }

  /// Says that the process of [#within] has ended: its row may have another tenant soon, and what is
  /// known by the row alone is not this one's any more.
  public void end() {
    isOver = true;
  }

  /// Whether it is that of [#within]: threads of its process may go on when it has ended.
  public boolean isLocal() {
    return isLocal;
  }

  /// Whether [#end] was called: then there is nothing left to be given back in this process's name.
  public boolean isOver() {
    return isOver;
  }

  /// True once the arena is mapped here.
  public static boolean isOpen() {
    return current != null;
  }

  /// Says that this process is a child, and of which session. Maps nothing yet.
  public static void enlist(Membership child) {
    synchronized (LOCK) {
      if (current != null || membership != null) {
        throw new IllegalStateException("this process has a session already");
      }
      membership = child;
    }
  }

  /// The whole arena. It is never unmapped: offsets into it stay good.
  public MemorySegment memory() {
    return memory;
  }

  /// The session's number.
  public long id() {
    return self.session();
  }

  /// This process's participant.
  public int self() {
    return self.participant();
  }

  /// The session's first process.
  ProcessIdentity root() {
    return new ProcessIdentity(
        Words.getLong(memory, HeaderLayout.ROOT_PID_AT),
        Words.getLong(memory, HeaderLayout.ROOT_START_AT));
  }

  /// The path by which another process of the same user opens the arena.
  public String arenaPath() {
    return self.arena();
  }

  public Waiting waiting() {
    return waiting;
  }

  public Participants participants() {
    return participants;
  }

  /// What wakes those who wait for any of several objects.
  public WatchBells watchBells() {
    return watchBells;
  }

  public Units units() {
    return units;
  }

  public Directory directory() {
    return directory;
  }

  /// The shared memory that this process has.
  public Holdings holdings() {
    return holdings;
  }

  /// What threads of all processes wait for.
  public WaitNotes waits() {
    return waits;
  }

  /// What is done for the dead of this process's children.
  public Burials burials() {
    return burials;
  }

  private static Session openOrJoin() {
    synchronized (LOCK) {
      Session session = current;
      if (session == null) {
        Membership child = membership;
        session = child == null ? open() : join(child);
        current = session;
      }
      return session;
    }
  }

  private static Session open() {
    Property.requireGood();
    ArenaFile file = ArenaFile.create();
    MemorySegment memory = file.mapNew();
    WordWait strategy = WordWait.of(Platform.current());
    Membership root = format(memory, file.path(), strategy);
    Thread.ofPlatform().daemon().name("procession-sweeper").start(new Beginning());
    return new Session(memory, root, strategy);
  }

  /// What a first process does beside its user's work. A child has its fences made cheap when it first waits: native
  /// calls are dear when cold.
  private static final class Beginning implements Runnable {
    @Override
    public void run() {
      AsymmetricFence.register(); // waits for all processors: 10 ms and more
      new NamedMemory.Sweep().run();
    }
  }

  /// Makes an arena of memory that is zero and that nobody else has yet, with this process as root.
  static Membership format(MemorySegment memory, String path, WordWait strategy) {
    ProcessIdentity root = ProcessIdentity.self();
    long id = randomId();
    Words.setInt(memory, HeaderLayout.VERSION_AT, HeaderLayout.VERSION);
    Words.setInt(memory, HeaderLayout.WAITING_AT, strategy.code());
    Words.setLong(memory, HeaderLayout.SESSION_AT, id);
    Words.setLong(memory, HeaderLayout.CAPACITY_AT, memory.byteSize());
    Words.setLong(memory, HeaderLayout.ROOT_PID_AT, root.pid());
    Words.setLong(memory, HeaderLayout.ROOT_START_AT, root.startTime());
    int self = Participants.enrollRoot(memory, root);
    Words.setLongRelease(memory, HeaderLayout.MAGIC_AT, HeaderLayout.MAGIC);
    return new Membership(path, id, self);
  }

  /// A participant's part in an arena that lies in any memory of this process.
  static Session over(MemorySegment memory, Membership self, WordWait strategy) {
    return new Session(memory, self, strategy);
  }

  /// Joins a session as one of its processes.
  static Session join(Membership child) {
    MemorySegment memory = ArenaFile.mapExisting(child.arena());
    WordWait strategy = WordWait.of(Platform.current());
    if (memory.byteSize() < HeaderLayout.MIN_CAPACITY
        || Words.getLongAcquire(memory, HeaderLayout.MAGIC_AT) != HeaderLayout.MAGIC) {
      throw refused(child, "the file is no arena of Procession");
    }
    int version = Words.getInt(memory, HeaderLayout.VERSION_AT);
    if (version != HeaderLayout.VERSION) {
      throw refused(
          child,
          "parent and child run different versions of Procession: the arena's layout="
              + version
              + ", this process's="
              + HeaderLayout.VERSION);
    }
    if (Words.getLong(memory, HeaderLayout.SESSION_AT) != child.session()
        || Words.getLong(memory, HeaderLayout.CAPACITY_AT) != memory.byteSize()) {
      throw refused(child, "the arena is of another session: the first process has ended");
    }
    int waiting = Words.getInt(memory, HeaderLayout.WAITING_AT);
    if (waiting != strategy.code()) {
      throw refused(
          child,
          "all processes of a session wait alike (-Dprocession.platform): the arena's way="
              + waiting
              + ", this process's="
              + strategy.code());
    }
    Session session = new Session(memory, child, strategy);
    if (!session.participants.isAlive(child.participant())) {
      throw refused(
          child,
          "this process counts as dead there, and what it held has been given to others:"
              + " participant="
              + child.participant()
              + "; start it again");
    }
    return session;
  }

  /// By hand: it runs in a young JVM, where a lambda is dear.
  private record Over(Session session) implements BooleanSupplier {
    @Override
    public boolean getAsBoolean() {
      return session.isOver;
    }
  }

  private static IllegalStateException refused(Membership child, String reason) {
    return new IllegalStateException(
        "cannot join the session: " + reason + " (arena " + child.arena() + ")");
  }

  private static long randomId() {
    long id = KernelRandom.nextLong();
    return id == 0 ? 1 : id;
  }
}

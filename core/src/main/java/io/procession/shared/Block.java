package io.procession.shared;

import io.procession.internal.arena.Attachment;
import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Directory;
import io.procession.internal.arena.HeaderLayout;
import io.procession.internal.arena.ObjectUser;
import io.procession.internal.arena.ScopedView;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Units;
import io.procession.internal.arena.Words;
import io.procession.internal.check.Require;
import io.procession.serial.Handle;
import java.io.Serializable;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;

/// A run of memory in the session's arena, with its cell: what every object of this package but named
/// memory is made of.
///
/// Whoever reads or writes [#data] calls [#check] before, which costs a plain read: within a loop the
/// compiler may lift it out, so that it costs nothing.
final class Block implements Serializable, ObjectUser {
  private static final long serialVersionUID = 1L;

  /// The content of memory without a type.
  static final char BYTES = 'M';

  /// The content of structs.
  static final char STRUCTS = 'R';

  /// The whole arena, a constant for the compiler: a process has one session in its life.
  static final MemorySegment ARENA = Session.ofJvm().memory();

  /// No more than units can be counted.
  private static final long MOST_BYTES = (long) Integer.MAX_VALUE * HeaderLayout.UNIT_BYTES - 1;

  private static final int NEVER = -1; // four thousand million objects later

  private final transient Attachment attachment;
  private final transient MemorySegment data;
  private final transient long generationAt;
  private final transient String name;

  /// The generation at which it can be used; plain, so a thread may see a close late.
  private transient int usable;

  private transient @Nullable Arena views;
  private transient boolean isUsedUnasked;

  private Block(Session session, char content, long size, String name) {
    Directory directory = session.directory();
    CellRef ref = directory.ref(directory.allocate(CellKind.MEMORY, name));
    this.name = name;
    this.generationAt = Directory.generationAt(ref.cell());
    this.usable = ref.generation();
    long body = Directory.body(ref.cell());
    this.attachment = Attachment.ofMaker(this, session, ref, CellKind.MEMORY, name);
    try {
      int unit = BlockLayout.HERE;
      if (size > BlockLayout.DATA_BYTES) {
        unit = session.units().allocate(ref.cell(), Units.unitsFor(size));
      }
      Words.setInt(ARENA, body + BlockLayout.CONTENT_AT, content);
      Words.setInt(ARENA, body + BlockLayout.UNIT_AT, unit);
      Words.setLong(ARENA, body + BlockLayout.SIZE_AT, size);
      this.data = ARENA.asSlice(dataAt(body, unit), size);
    } catch (RuntimeException | Error e) {
      attachment.close();
      throw e;
    }
  }

  private Block(Session session, CellRef ref) {
    this.attachment = Attachment.ofHolder(this, session, ref, CellKind.MEMORY);
    this.name = attachment.name();
    this.generationAt = Directory.generationAt(ref.cell());
    this.usable = ref.generation();
    long body = Directory.body(ref.cell());
    int unit = Words.getInt(ARENA, body + BlockLayout.UNIT_AT);
    long size = Words.getLong(ARENA, body + BlockLayout.SIZE_AT);
    if (!isWithin(session.units(), ref.cell(), unit, size)) {
      try {
        attachment.check(); // destroyed just now, most likely
        throw new IllegalStateException(
            "the memory of an object is damaged: " + name + ", unit=" + unit + ", size=" + size);
      } finally {
        attachment.close();
      }
    }
    this.data = ARENA.asSlice(dataAt(body, unit), size);
  }

  /// Claims memory, zero.
  ///
  /// @param content a letter for what it holds
  /// @throws IllegalStateException if there is not that much in a run
  static Block allocate(char content, long size, String name) {
    Require.between("size", size, 1, MOST_BYTES);
    return new Block(Session.current(), content, size, name);
  }

  /// What a handle becomes where it arrives.
  static Block attach(Handle handle) {
    CellRef ref = new CellRef(handle.session(), handle.cell(), handle.generation());
    return new Block(Session.current(), ref);
  }

  /// The letter under which it was allocated.
  char content() {
    check();
    long body = Directory.body(attachment.ref().cell());
    return (char) Words.getInt(ARENA, body + BlockLayout.CONTENT_AT);
  }

  /// Makes sure that it holds what it is to be used as.
  void require(char content) {
    if (content() != content) {
      throw new IllegalStateException(
          "the object is of another kind: content=" + content() + ", expected=" + content);
    }
  }

  MemorySegment data() {
    return data;
  }

  String name() {
    return name;
  }

  /// Makes sure that it is neither closed nor destroyed.
  void check() {
    if (Words.getInt(ARENA, generationAt) != usable) {
      throw gone();
    }
  }

  /// The part of [#check] that touches no shared memory: that it is neither closed nor destroyed in this
  /// process, for those who have said [#useUnasked]. What another process has destroyed is nobody else's
  /// as long as this one has it.
  void checkOpen() {
    if (usable == NEVER) {
      throw gone();
    }
  }

  /// Has [#checkOpen] notice that the memory was destroyed through another object of this process.
  void useUnasked() {
    synchronized (attachment) {
      check();
      if (!isUsedUnasked) {
        if (!attachment.session().holdings().addUnasking(attachment.ref(), this)) {
          throw gone();
        }
        isUsedUnasked = true;
      }
    }
  }

  /// It was destroyed in this process.
  @Override
  public void destroyed() {
    usable = NEVER;
  }

  boolean isUsable() {
    return attachment.isUsable();
  }

  /// True if it is its maker's alone: to close it is to free it.
  boolean wasSent() {
    CellRef ref = attachment.ref();
    return attachment.isThere() && attachment.session().directory().wasSent(ref.cell());
  }

  /// The data, for callers to keep: it fails once the block has been closed in this process.
  MemorySegment view() {
    synchronized (attachment) {
      check();
      Arena scope = views;
      if (scope == null) {
        scope = Arena.ofShared();
        if (!attachment.session().holdings().addViews(attachment.ref(), scope)) {
          scope.close();
          throw gone();
        }
        views = scope;
      }
      return ScopedView.of(data, scope, this);
    }
  }

  /// Ends the use in this process, views included; frees what was never sent. Idempotent.
  void close() {
    endViews();
    attachment.close();
  }

  /// Frees it for all processes. Idempotent.
  ///
  /// @return whether it was this call that did
  boolean destroy() {
    endViews();
    return attachment.destroy();
  }

  /// For `toString`: the name, and whether it can be used.
  String state() {
    return attachment.isUsable()
        ? name
        : name + (attachment.isThere() ? ", closed" : ", destroyed");
  }

  /// Views end before the memory can be another's: an access through one is either done by then, or
  /// fails.
  private void endViews() {
    synchronized (attachment) {
      Arena scope = views;
      if (scope != null && scope.scope().isAlive()) {
        scope.close();
      }
      usable = NEVER;
    }
  }

  private IllegalStateException gone() {
    attachment.check();
    return new IllegalStateException("closed in this process: memory=" + name);
  }

  private static boolean isWithin(Units units, int cell, int unit, long size) {
    if (unit == BlockLayout.HERE) {
      return size > 0 && size <= BlockLayout.DATA_BYTES;
    }
    if (unit < 0 || size <= 0) {
      return false;
    }
    long last = unit + (size - 1) / HeaderLayout.UNIT_BYTES;
    return last <= Integer.MAX_VALUE && units.bears(unit, cell) && units.bears((int) last, cell);
  }

  private static long dataAt(long body, int unit) {
    return unit == BlockLayout.HERE ? body + BlockLayout.DATA_AT : Units.offset(unit);
  }

  private Object writeReplace() {
    attachment.check();
    CellRef ref = attachment.ref();
    return new Handle(
        Block.class.getName(), ref.session(), ref.cell(), ref.generation(), 0, this::markSent);
  }

  private void markSent() {
    try {
      attachment.markSent();
    } finally {
      Reference.reachabilityFence(this); // until then it is freed when it is unreachable
    }
  }
}

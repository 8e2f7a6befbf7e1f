package io.procession.internal.arena;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The directory of the session's objects: allocates cells, checks references to them, frees them.
///
/// Safe for all threads of all processes at once. See [CellLayout] for the states of a cell and who
/// frees what a dead process leaves.
public final class Directory {
  private final MemorySegment memory;
  private final Units units;
  private final UserSets userSets;
  private final long session;
  private final int self;
  private volatile boolean hasEstates;

  Directory(MemorySegment memory, Units units, UserSets userSets, long session, int self) {
    this.memory = memory;
    this.units = units;
    this.userSets = userSets;
    this.session = session;
    this.self = self;
  }

  /// Claims a cell. It belongs to this process until [#markSent]; its body is zero.
  ///
  /// @throws IllegalStateException if no cell is free
  public int allocate(CellKind kind, String name) {
    int cursor = Words.getIntVolatile(memory, HeaderLayout.CELL_CURSOR_AT);
    int from = cursor >= 0 && cursor < HeaderLayout.CELL_COUNT ? cursor : 0;
    int cell = claimBetween(from, HeaderLayout.CELL_COUNT);
    if (cell < 0) {
      cell = claimBetween(0, from);
    }
    if (cell < 0) {
      throw new IllegalStateException(
          "a session has at most "
              + HeaderLayout.CELL_COUNT
              + " objects at a time: close those you no longer use");
    }
    Words.setIntVolatile(memory, HeaderLayout.CELL_CURSOR_AT, cell + 1);
    long at = CellLayout.at(cell);
    byte[] bytes = Names.encode(name, CellLayout.MAX_NAME_BYTES);
    Words.copyIn(bytes, 0, memory, at + CellLayout.NAME_AT, bytes.length);
    Words.setInt(memory, at + CellLayout.NAME_LENGTH_AT, bytes.length);
    if (hasEstates && kind.canEndWithMaker()) {
      Estate.note(memory, ref(cell));
    }
    Words.setIntRelease(memory, at + CellLayout.KIND_AT, kind.code());
    FailPoint.CELL_NAMED.reach();
    return cell;
  }

  /// From now on some of what this process makes may end with it: see [Estate].
  void expectEstates() {
    hasEstates = true;
  }

  /// The offset of a cell's body, [CellLayout#BODY_BYTES] long and aligned to its length.
  public static long body(int cell) {
    return CellLayout.at(cell) + CellLayout.BODY_AT;
  }

  /// The offset of the int that is the cell's generation, and changes when its object is destroyed:
  /// for those who look often and need no order.
  public static long generationAt(int cell) {
    return CellLayout.at(cell) + CellLayout.STATE_AT + Integer.BYTES;
  }

  /// A reference to the object that has the cell now.
  public CellRef ref(int cell) {
    return new CellRef(session, cell, CellLayout.generation(stateOf(cell)));
  }

  /// Makes sure that a reference is of this session, and its object of the kind and still there.
  ///
  /// @throws IllegalStateException that says what is wrong
  public void check(CellRef ref, CellKind kind) {
    if (ref.session() != session) {
      throw new IllegalStateException(
          "an object can be used in its own session only: object's session="
              + Long.toHexString(ref.session())
              + ", this session="
              + Long.toHexString(session));
    }
    if (ref.cell() < 0 || ref.cell() >= HeaderLayout.CELL_COUNT) {
      throw new IllegalStateException("no such object in this session: cell=" + ref.cell());
    }
    long state = stateOf(ref.cell());
    if (CellLayout.tag(state) == 0 || CellLayout.generation(state) != ref.generation()) {
      throw new IllegalStateException("destroyed: " + kind.label() + " in cell " + ref.cell());
    }
    int code = Words.getIntVolatile(memory, CellLayout.at(ref.cell()) + CellLayout.KIND_AT);
    if (code != kind.code()) {
      throw new IllegalStateException(
          "the object is of another kind: expected " + kind + ", code=" + code);
    }
  }

  /// Notes that a reference leaves this process: the object now lives until it is destroyed.
  ///
  /// @return false if the object has been destroyed; nothing has changed then
  public boolean markSent(CellRef ref) {
    if (ref.session() != session) {
      return false;
    }
    long state = stateOf(ref.cell());
    while (CellLayout.generation(state) == ref.generation() && CellLayout.tag(state) > 0) {
      if (change(ref.cell(), state, state | CellLayout.SENT)) {
        FailPoint.CELL_SENT.reach();
        return true;
      }
      state = stateOf(ref.cell());
    }
    return CellLayout.generation(state) == ref.generation() && CellLayout.tag(state) != 0;
  }

  /// True if a reference to the cell has left its maker.
  public boolean wasSent(int cell) {
    return CellLayout.tag(stateOf(cell)) < 0;
  }

  /// Gives an object that this process has made and not sent two sets of users. A burial takes the
  /// dead out of them.
  ///
  /// @throws IllegalStateException if the session has no more
  public void addUserSets(int cell) {
    if (!userSets.claim(cell)) {
      throw UserSets.none();
    }
  }

  /// True if the object with this cell has user sets.
  public boolean hasUserSets(int cell) {
    return userSets.has(cell);
  }

  /// One of the two sets of users of the object with this cell.
  ///
  /// @param which 0 or 1
  /// @throws IllegalStateException if it has none
  public UserSet userSet(int cell, int which) {
    return userSets.get(cell, which);
  }

  /// True if the referenced object has not been freed. Costs one read.
  public boolean isThere(CellRef ref) {
    long state = stateOf(ref.cell());
    return CellLayout.generation(state) == ref.generation() && CellLayout.tag(state) != 0;
  }

  /// Frees a cell with all its units if it is still the referenced object's; else does nothing.
  ///
  /// @return whether this call freed it
  public boolean free(CellRef ref) {
    boolean retired = retire(ref);
    if (retired) {
      scrap(ref);
    }
    return retired;
  }

  /// The first half of [#free]: from here on the reference fails everywhere, but cell and units stay
  /// as they are until [#scrap], so that those who are at work there may notice and leave.
  ///
  /// @return whether this call did it: then this process owes the second half
  public boolean retire(CellRef ref) {
    if (ref.session() != session) {
      return false;
    }
    long state = stateOf(ref.cell());
    while (CellLayout.tag(state) != 0 && CellLayout.generation(state) == ref.generation()) {
      if (change(ref.cell(), state, CellLayout.state(ref.generation() + 1, self))) {
        FailPoint.CELL_RECLAIMED.reach();
        return true;
      }
      state = stateOf(ref.cell());
    }
    return false;
  }

  /// The second half of [#free], for the process that has retired the reference.
  public void scrap(CellRef ref) {
    empty(ref.cell());
  }

  /// As [#free], but only as long as no reference has left this process, which made the object.
  ///
  /// @return whether this call freed it
  public boolean freeUnlessSent(CellRef ref) {
    boolean retired = retireUnlessSent(ref);
    if (retired) {
      scrap(ref);
    }
    return retired;
  }

  /// As [#retire], but only as long as no reference has left this process, which made the object.
  ///
  /// @return whether this call did it: then this process owes [#scrap]
  public boolean retireUnlessSent(CellRef ref) {
    long mine = CellLayout.state(ref.generation(), self);
    boolean retired =
        ref.session() == session
            && change(ref.cell(), mine, CellLayout.state(ref.generation() + 1, self));
    if (retired) {
      FailPoint.CELL_RECLAIMED.reach();
    }
    return retired;
  }

  /// Destroys an object that was sent: references fail from here on, but cell and units stay as they are
  /// until nobody is in its first set of users, and somebody [#collect]s it.
  ///
  /// @return whether this call did it
  boolean doom(CellRef ref) {
    long state = stateOf(ref.cell());
    boolean doomed =
        ref.session() == session
            && CellLayout.tag(state) < 0
            && CellLayout.generation(state) == ref.generation()
            && change(ref.cell(), state, CellLayout.state(ref.generation() + 1, CellLayout.DOOMED));
    if (doomed) {
      FailPoint.CELL_DOOMED.reach();
    }
    return doomed;
  }

  /// Makes the words of a doomed object refuse everybody, for one who is in its set.
  void clearBody(int cell) {
    memory.asSlice(body(cell), CellLayout.BODY_BYTES).fill((byte) 0);
  }

  private boolean endsWithMaker(int cell) {
    return Words.getIntVolatile(memory, CellLayout.at(cell) + CellLayout.ENDS_AT)
        == CellLayout.WITH_MAKER;
  }

  private boolean isForChildren(int cell) {
    return is(cell, CellKind.WORKER) || is(cell, CellKind.LAUNCH);
  }

  private boolean isDoomed(int cell) {
    return CellLayout.tag(stateOf(cell)) == CellLayout.DOOMED;
  }

  /// Frees a cell if its object is doomed and nobody holds it. Of one without a set of users that is
  /// never known.
  void collect(int cell) {
    long state = stateOf(cell);
    boolean isFree = userSets.has(cell) && !userSets.isUsed(cell);
    if (CellLayout.tag(state) != CellLayout.DOOMED || !isFree) {
      return;
    }
    if (change(cell, state, CellLayout.state(CellLayout.generation(state), self))) {
      FailPoint.CELL_RECLAIMED.reach();
      empty(cell);
    }
  }

  /// Frees what a dead participant had made and not sent or was freeing, and takes it out of all user
  /// sets. Only for the one process and thread that buries it.
  ///
  /// @param abandoned gets the pipes that were sent and that no process has any more, and the queues
  ///     that the dead made to end with it
  /// @param estate gets other objects that the dead made to end with it, and sent
  /// @param legacies keep what the dead made for its children, as long as any lives
  /// @return whether it was taken out of any set
  boolean release(int dead, List<CellRef> abandoned, List<CellRef> estate, Legacies legacies) {
    boolean wasUser = false;
    int used = cellsUsed();
    for (int cell = 0; cell < used; cell++) {
      long state = stateOf(cell);
      int tag = CellLayout.tag(state);
      if (tag == dead && is(cell, CellKind.NAMES)) {
        NamedMemory.sweep(); // before the cell, which says that there is something to sweep, goes
      }
      if (tag == (dead | CellLayout.DOOMED) && endsWithMaker(cell)) {
        CellRef ref = new CellRef(session, cell, CellLayout.generation(state));
        (is(cell, CellKind.QUEUE) ? abandoned : estate).add(ref);
        // this process's from here on: if it dies before all is done, who buries it goes on
        boolean _ =
            change(cell, state, CellLayout.state(ref.generation(), self | CellLayout.DOOMED));
        FailPoint.CELL_INHERITED.reach();
      }
      if (tag == dead
          && change(cell, state, CellLayout.state(CellLayout.generation(state) + 1, self))) {
        FailPoint.CELL_RECLAIMED.reach();
        if (!isForChildren(cell) || !legacies.keep(dead, cell)) {
          empty(cell);
        }
      } else if (tag
          != 0) { // also what was not sent yet: one may have joined it by mistake (Holdings)
        if (userSets.isInFirst(cell, dead) && isDoomed(cell)) {
          clearBody(
              cell); // if the dead destroyed it: nobody has the cell before the dead is taken out
        }
        wasUser |= userSets.remove(cell, dead);
        collect(cell); // doomed by now, or left by one that died before it could
        if (CellLayout.tag(stateOf(cell)) < 0
            && is(cell, CellKind.PIPE)
            && userSets.areEmpty(cell)) {
          abandoned.add(new CellRef(session, cell, CellLayout.generation(state)));
        }
      }
    }
    units.release(dead);
    return wasUser;
  }

  /// What messages call the object: `lock=lock-1`.
  public String label(int cell) {
    int code = Words.getIntVolatile(memory, CellLayout.at(cell) + CellLayout.KIND_AT);
    for (CellKind kind : CellKind.values()) {
      if (kind.code() == code) {
        return kind.label() + "=" + name(cell);
      }
    }
    return name(cell);
  }

  /// The name the object was made under.
  public String name(int cell) {
    long at = CellLayout.at(cell);
    int length = Words.getIntVolatile(memory, at + CellLayout.NAME_LENGTH_AT);
    byte[] bytes = new byte[Math.min(Math.max(length, 0), CellLayout.MAX_NAME_BYTES)];
    Words.copyOut(memory, at + CellLayout.NAME_AT, bytes, 0, bytes.length);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /// How many cells are claimed at this moment; counted anew at each call.
  public int inUse() {
    int used = cellsUsed();
    int claimed = 0;
    for (int cell = 0; cell < used; cell++) {
      if (CellLayout.tag(stateOf(cell)) != 0) {
        claimed++;
      }
    }
    return claimed;
  }

  /// How many objects have user sets at this moment; counted anew at each call.
  public int userSetsInUse() {
    return userSets.inUse();
  }

  /// The last steps of freeing a cell that this process has made its own.
  private void empty(int cell) {
    long at = CellLayout.at(cell);
    userSets.free(cell);
    units.freeAll(cell);
    Words.setInt(memory, at + CellLayout.KIND_AT, 0);
    Words.setInt(memory, at + CellLayout.NAME_LENGTH_AT, 0);
    Words.setInt(memory, at + CellLayout.ENDS_AT, 0);
    clearBody(cell);
    FailPoint.CELL_EMPTIED.reach();
    Words.setLongRelease(
        memory, at + CellLayout.STATE_AT, CellLayout.state(ref(cell).generation(), 0));
    FailPoint.CELL_FREED.reach();
    if (cell < Words.getIntVolatile(memory, HeaderLayout.CELL_CURSOR_AT)) {
      Words.setIntVolatile(memory, HeaderLayout.CELL_CURSOR_AT, cell);
    }
  }

  private int claimBetween(int from, int end) {
    for (int cell = from; cell < end; cell++) {
      long state = stateOf(cell);
      if (CellLayout.tag(state) == 0) {
        raiseCellsUsed(cell + 1);
        if (change(cell, state, state | self)) {
          FailPoint.CELL_CLAIMED.reach();
          return cell;
        }
      }
    }
    return -1;
  }

  private long stateOf(int cell) {
    return Words.getLongVolatile(memory, CellLayout.at(cell) + CellLayout.STATE_AT);
  }

  private boolean change(int cell, long from, long to) {
    return Words.compareAndSetLong(memory, CellLayout.at(cell) + CellLayout.STATE_AT, from, to);
  }

  /// True if the cell's object, if it has one, is of a kind.
  public boolean is(int cell, CellKind kind) {
    return Words.getIntVolatile(memory, CellLayout.at(cell) + CellLayout.KIND_AT) == kind.code();
  }

  /// No cell from here on was ever claimed.
  public int cellsUsed() {
    int used = Words.getIntVolatile(memory, HeaderLayout.CELLS_USED_AT);
    return Math.min(Math.max(used, 0), HeaderLayout.CELL_COUNT);
  }

  private void raiseCellsUsed(int least) {
    int used = Words.getIntVolatile(memory, HeaderLayout.CELLS_USED_AT);
    while (used < least
        && !Words.compareAndSetInt(memory, HeaderLayout.CELLS_USED_AT, used, least)) {
      used = Words.getIntVolatile(memory, HeaderLayout.CELLS_USED_AT);
    }
  }
}

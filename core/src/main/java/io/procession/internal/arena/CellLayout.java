package io.procession.internal.arena;

/// A cell: 128 bytes for one object of the directory. The first cache line says what it is, the
/// second is the object's own (a lock lives there whole; a queue has its control block in units).
///
/// ```
/// 0   state       long  generation << 32 | tag, the one truth
///     tag               0 free; a participant: its maker has it; sign bit set: it was sent
///                       sign bit alone: doomed, that is destroyed, but held by some process
///     generation        goes up when the object is destroyed: handles to it fail
/// 8   kind        int   CellKind.code()
/// 12  units       int   1: units may bear this cell's mark; 0: none does
/// 16  user sets   int   1 + its slot of user sets, 0 for none; it counts if the slot says so, too
/// 20  ends        int   1: with its maker, also if it was sent (Estate); 0: when it is destroyed
/// 28  name length int
/// 32  name              at most 32 bytes of UTF-8, cut at a character
/// 64  body              64 bytes
/// ```
///
/// A cell whose maker is dead and that was never sent is freed by whoever
/// buries the maker, and so is one that was sent and ends with its maker (whose tag it bears below the
/// sign bit); a freeing process first makes the cell its own (unsent), so that one that dies
/// half-way leaves it to its own burial.
///
/// ```
/// 0 --allocate (CAS)--> maker --markSent (CAS)--> maker | SENT
/// ^                       |                            |
/// +--- free: generation + 1 | self (CAS), units and body given back, tag := 0 --------+
/// ^                                                                                  |
/// +--- collect, when nobody holds it: self (CAS), and so on --- SENT <--- doom: generation + 1 (CAS)
/// ```
public final class CellLayout {
  static final int CELL_BYTES = 128;

  /// The bit of a state that says that a handle to the object has left its maker.
  static final long SENT = 0x8000_0000L;

  /// The tag of an object that was destroyed, and whose memory some process may still hold.
  static final int DOOMED = (int) SENT;

  static final long STATE_AT = 0;
  static final long KIND_AT = 8;
  static final long UNITS_AT = 12;
  static final long USER_SETS_AT = 16;
  static final long ENDS_AT = 20;
  static final long NAME_LENGTH_AT = 28;
  static final long NAME_AT = 32;
  static final int MAX_NAME_BYTES = 32;
  static final long BODY_AT = 64;

  /// What is at [#ENDS_AT] of an object that ends with its maker. Plain: the maker stores it before anybody
  /// else can have the object, and no more.
  static final int WITH_MAKER = 1;

  /// Bytes of a cell's body, one cache line.
  public static final int BODY_BYTES = 64;

  private CellLayout() {}

  static long state(int generation, int tag) {
    return (long) generation << 32 | Integer.toUnsignedLong(tag);
  }

  static int tag(long state) {
    return (int) state;
  }

  static int generation(long state) {
    return (int) (state >>> 32);
  }

  static long at(int cell) {
    return HeaderLayout.CELLS_AT + (long) cell * CELL_BYTES;
  }
}

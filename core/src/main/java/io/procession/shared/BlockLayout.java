package io.procession.shared;

/// The body of a block's cell: what it holds and where.
///
/// ```
/// 0   content  int    what it holds: a letter, of ElementType or Block
/// 4   unit     int    the first of its units, or -1: the data is here
/// 8   size     long   bytes of data
/// 16  data     48 bytes, if that is enough
/// ```
///
/// Written plainly by the maker before the handle is sent, never changed.
final class BlockLayout {
  static final long CONTENT_AT = 0;
  static final long UNIT_AT = 4;
  static final long SIZE_AT = 8;
  static final long DATA_AT = 16;
  static final int DATA_BYTES = 48;
  static final int HERE = -1;

  private BlockLayout() {}
}

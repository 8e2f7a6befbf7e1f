package io.procession.serial;

/// The first byte of a value: which way the rest is written. Zero is none of them, so that memory
/// nobody wrote is never a value. The bytes behind each are drawn in docs/layouts.md.
final class Tag {
  static final int NULL = 1;
  static final int FALSE = 2;
  static final int TRUE = 3;
  static final int BYTE = 4;
  static final int SHORT = 5;
  static final int CHAR = 6;
  static final int INT = 7;
  static final int LONG = 8;
  static final int FLOAT = 9;
  static final int DOUBLE = 10;
  static final int STRING = 11;

  static final int BOOLEANS = 16;
  static final int BYTES = 17;
  static final int SHORTS = 18;
  static final int CHARS = 19;
  static final int INTS = 20;
  static final int LONGS = 21;
  static final int FLOATS = 22;
  static final int DOUBLES = 23;
  static final int OBJECTS = 24;

  static final int ARRAY_LIST = 32;
  static final int ARRAYS_AS_LIST = 33;
  static final int LIST_OF = 34;
  static final int LIST_OF_NULLS = 35;
  static final int HASH_SET = 36;
  static final int LINKED_HASH_SET = 37;
  static final int SET_OF = 38;
  static final int HASH_MAP = 39;
  static final int LINKED_HASH_MAP = 40;
  static final int ACCESS_ORDERED_MAP = 41;
  static final int MAP_OF = 42;

  static final int ENUM = 48;
  static final int CLASS = 49;
  static final int BIG_INTEGER = 50;
  static final int BIG_DECIMAL = 51;
  static final int UUID = 52;
  static final int DURATION = 53;
  static final int INSTANT = 54;

  static final int RECORD = 64;
  static final int LAMBDA = 65;
  static final int HANDLE = 66;

  static final int JDK = 80;

  private Tag() {}
}

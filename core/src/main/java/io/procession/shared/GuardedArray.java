package io.procession.shared;

/// An array with a lock, taken for each access.
final class GuardedArray<T> extends SharedArray<T> {
  private static final long serialVersionUID = 1L;

  GuardedArray(
      Block block, ElementType<T> type, long from, long length, Guard guard, boolean readOnly) {
    super(block, type, from, length, guard, readOnly);
  }

  @Override
  public boolean getBoolean(long index) {
    return (boolean) (Object) read(index(ElementType.BOOLEAN, index));
  }

  @Override
  public void setBoolean(long index, boolean value) {
    write(index(ElementType.BOOLEAN, index), value);
  }

  @Override
  public byte getByte(long index) {
    return (byte) (Object) read(index(ElementType.BYTE, index));
  }

  @Override
  public void setByte(long index, byte value) {
    write(index(ElementType.BYTE, index), value);
  }

  @Override
  public short getShort(long index) {
    return (short) (Object) read(index(ElementType.SHORT, index) << 1);
  }

  @Override
  public void setShort(long index, short value) {
    write(index(ElementType.SHORT, index) << 1, value);
  }

  @Override
  public char getChar(long index) {
    return (char) (Object) read(index(ElementType.CHAR, index) << 1);
  }

  @Override
  public void setChar(long index, char value) {
    write(index(ElementType.CHAR, index) << 1, value);
  }

  @Override
  public int getInt(long index) {
    return (int) (Object) read(index(ElementType.INT, index) << 2);
  }

  @Override
  public void setInt(long index, int value) {
    write(index(ElementType.INT, index) << 2, value);
  }

  @Override
  public long getLong(long index) {
    return (long) (Object) read(index(ElementType.LONG, index) << 3);
  }

  @Override
  public void setLong(long index, long value) {
    write(index(ElementType.LONG, index) << 3, value);
  }

  @Override
  public float getFloat(long index) {
    return (float) (Object) read(index(ElementType.FLOAT, index) << 2);
  }

  @Override
  public void setFloat(long index, float value) {
    write(index(ElementType.FLOAT, index) << 2, value);
  }

  @Override
  public double getDouble(long index) {
    return (double) (Object) read(index(ElementType.DOUBLE, index) << 3);
  }

  @Override
  public void setDouble(long index, double value) {
    write(index(ElementType.DOUBLE, index) << 3, value);
  }

  private T read(long at) {
    boolean entered = enter();
    try {
      return Elements.get(type, data, at);
    } finally {
      leave(entered);
    }
  }

  private void write(long at, Object value) {
    boolean entered = enterToWrite();
    try {
      Elements.set(type, data, at, value);
    } finally {
      leave(entered);
    }
  }
}

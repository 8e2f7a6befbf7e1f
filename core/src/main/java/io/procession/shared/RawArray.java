package io.procession.shared;

import io.procession.internal.posix.AddressSpace;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.util.Objects;

/// An array without a lock: each access is one of the memory.
///
/// A class of its own, so that what the compiler learns of arrays with a lock does not stand in the way
/// of loops over this one; and no access reads shared memory but the element, so that loops become
/// vector instructions. Hence it does not notice that another process has destroyed the array: the
/// range of addresses is nobody else's as long as this process has it.
///
/// An element is reached by its address, in a segment that is a constant. Through a segment of its own,
/// whose class, bounds and state are to be loaded and looked at, a read took 1.6 ns instead of the 1.0
/// of a bare segment.
final class RawArray<T> extends SharedArray<T> {
  private static final long serialVersionUID = 1L;

  /// The address of its first element.
  private final transient long start;

  RawArray(Block block, ElementType<T> type, long from, long length, boolean readOnly) {
    super(block, type, from, length, Guard.NONE, readOnly);
    this.start = data.address();
    block.useUnasked();
  }

  @Override
  public boolean getBoolean(long index) {
    long at = address(ElementType.BOOLEAN, index, 0);
    block.checkOpen();
    try {
      return AddressSpace.ALL.get(ValueLayout.JAVA_BYTE, at) != 0;
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public void setBoolean(long index, boolean value) {
    long at = address(ElementType.BOOLEAN, index, 0);
    checkWritable();
    try {
      AddressSpace.ALL.set(ValueLayout.JAVA_BOOLEAN, at, value);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public byte getByte(long index) {
    long at = address(ElementType.BYTE, index, 0);
    block.checkOpen();
    try {
      return AddressSpace.ALL.get(ValueLayout.JAVA_BYTE, at);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public void setByte(long index, byte value) {
    long at = address(ElementType.BYTE, index, 0);
    checkWritable();
    try {
      AddressSpace.ALL.set(ValueLayout.JAVA_BYTE, at, value);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public short getShort(long index) {
    long at = address(ElementType.SHORT, index, 1);
    block.checkOpen();
    try {
      return AddressSpace.ALL.get(ValueLayout.JAVA_SHORT, at);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public void setShort(long index, short value) {
    long at = address(ElementType.SHORT, index, 1);
    checkWritable();
    try {
      AddressSpace.ALL.set(ValueLayout.JAVA_SHORT, at, value);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public char getChar(long index) {
    long at = address(ElementType.CHAR, index, 1);
    block.checkOpen();
    try {
      return AddressSpace.ALL.get(ValueLayout.JAVA_CHAR, at);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public void setChar(long index, char value) {
    long at = address(ElementType.CHAR, index, 1);
    checkWritable();
    try {
      AddressSpace.ALL.set(ValueLayout.JAVA_CHAR, at, value);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public int getInt(long index) {
    long at = address(ElementType.INT, index, 2);
    block.checkOpen();
    try {
      return AddressSpace.ALL.get(ValueLayout.JAVA_INT, at);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public void setInt(long index, int value) {
    long at = address(ElementType.INT, index, 2);
    checkWritable();
    try {
      AddressSpace.ALL.set(ValueLayout.JAVA_INT, at, value);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public long getLong(long index) {
    long at = address(ElementType.LONG, index, 3);
    block.checkOpen();
    try {
      return AddressSpace.ALL.get(ValueLayout.JAVA_LONG, at);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public void setLong(long index, long value) {
    long at = address(ElementType.LONG, index, 3);
    checkWritable();
    try {
      AddressSpace.ALL.set(ValueLayout.JAVA_LONG, at, value);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public float getFloat(long index) {
    long at = address(ElementType.FLOAT, index, 2);
    block.checkOpen();
    try {
      return AddressSpace.ALL.get(ValueLayout.JAVA_FLOAT, at);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public void setFloat(long index, float value) {
    long at = address(ElementType.FLOAT, index, 2);
    checkWritable();
    try {
      AddressSpace.ALL.set(ValueLayout.JAVA_FLOAT, at, value);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public double getDouble(long index) {
    long at = address(ElementType.DOUBLE, index, 3);
    block.checkOpen();
    try {
      return AddressSpace.ALL.get(ValueLayout.JAVA_DOUBLE, at);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public void setDouble(long index, double value) {
    long at = address(ElementType.DOUBLE, index, 3);
    checkWritable();
    try {
      AddressSpace.ALL.set(ValueLayout.JAVA_DOUBLE, at, value);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  private void checkWritable() {
    block.checkOpen();
    if (readOnly) {
      throw onlyToBeRead();
    }
  }

  /// Where an element is, its index and the type checked. The compiler learns from both checks that the
  /// sum is within [AddressSpace#ALL], whose own check it then leaves out.
  private long address(ElementType<?> accessed, long index, int shift) {
    return Objects.checkIndex(start, AddressSpace.END) + (index(accessed, index) << shift);
  }
}

package io.procession.shared;

import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// A struct that users know by its layout; the whole of it is a segment on the heap.
final class SegmentType extends StructType<MemorySegment> {
  SegmentType(StructLayout layout) {
    super(layout);
  }

  @Override
  MemorySegment read(MemorySegment data, long at) {
    int longs = Math.toIntExact((size() + Long.BYTES - 1) / Long.BYTES);
    MemorySegment copy = MemorySegment.ofArray(new long[longs]).asSlice(0, size());
    return copy.copyFrom(data.asSlice(at, size()));
  }

  @Override
  void write(MemorySegment data, long at, MemorySegment value) {
    if (value.byteSize() != size()) {
      throw new IllegalArgumentException(
          "the segment has another size than the struct: segment="
              + value.byteSize()
              + ", struct="
              + size()
              + "; take one of the size of the struct");
    }
    MemorySegment.copy(value, 0, data, at, size());
  }

  @Override
  Serializable form() {
    return LayoutForm.of(layout);
  }
}

package io.procession.serial;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where the long arrays of a sink are: among its bytes, or where the caller has them.
final class SinkArrays {
  private final List<Entry> entries = new ArrayList<>(1);
  private int apart;

  /// An array.
  ///
  /// @param at the index of its first byte in the message
  /// @param array the array if it is not among the sink's bytes, else null
  private record Entry(int kind, int at, int size, @Nullable Object array) {}

  boolean hasRoom() {
    return entries.size() < LargeArrays.MOST;
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  void add(int kind, int at, int size, @Nullable Object array) {
    entries.add(new Entry(kind, at, size, array));
    apart += array == null ? 0 : size;
  }

  /// How many bytes of the message are not among those of the sink.
  int apart() {
    return apart;
  }

  /// Whether one that is not among the bytes lies over an index, and so would be cut there.
  boolean isCutAt(int index) {
    for (Entry each : entries) {
      if (each.array != null && each.at < index && index < each.at + each.size) {
        return true;
      }
    }
    return false;
  }

  /// Forgets those that do not end by an index. None is cut there that is not among the bytes.
  void truncate(int length) {
    while (!entries.isEmpty() && entries.getLast().at + entries.getLast().size > length) {
      Entry last = entries.removeLast();
      apart -= last.array == null ? 0 : last.size;
    }
  }

  /// Which of the sink's bytes one of the message is.
  int place(int index) {
    int place = index;
    for (Entry each : entries) {
      place -= each.array != null && each.at < index ? each.size : 0;
    }
    return place;
  }

  byte[] table() {
    byte[] table = new byte[entries.size() * LargeArrays.ENTRY_BYTES];
    ByteBuffer view = ByteSink.littleEndian(table);
    for (Entry each : entries) {
      LargeArrays.enter(view, each.kind, each.at, each.size);
    }
    return table;
  }

  /// Copies the whole message.
  ///
  /// @param bytes those of the sink
  void copyTo(MemorySegment target, long offset, byte[] bytes, int end) {
    MemorySegment between = MemorySegment.ofArray(bytes);
    int from = 0;
    long to = offset;
    for (Entry each : entries) {
      if (each.array != null) {
        long next = offset + each.at;
        MemorySegment.copy(between, from, target, to, next - to);
        from += (int) (next - to);
        MemorySegment array = LargeArrays.segment(each.kind, each.array);
        MemorySegment.copy(array, 0, target, next, each.size);
        to = next + each.size;
      }
    }
    MemorySegment.copy(between, from, target, to, end - from);
  }

  /// All of them are among the sink's bytes now.
  void noteTogether() {
    entries.replaceAll(each -> new Entry(each.kind, each.at, each.size, null));
    apart = 0;
  }
}

package io.procession.internal.ring;

import io.procession.serial.ByteSink;
import io.procession.serial.Handle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Messages that are to be appended one after the other, under one lock as far as there is room. Not
/// safe for threads.
public final class MessageBatch {
  private static final int MOST = 256;
  private static final int MOST_BYTES = 64 << 10;

  private byte[] bytes = new byte[1 << 10];
  private int[] ends = new int[16];
  private final List<List<Handle>> handles = new ArrayList<>();
  private int count;
  private int next;

  /// True if the message fits; one that is alone always does.
  public boolean hasRoomFor(ByteSink message) {
    return count == 0 || (count < MOST && (long) end(count) + message.length() <= MOST_BYTES);
  }

  /// Adds a copy of a message, with the handles that the sink keeps.
  public void add(ByteSink message) {
    add(message.array(), message.length(), message.handles());
  }

  /// Adds a copy of a message of `length` bytes, with the handles that are to leave with it.
  public void add(byte[] message, int length, List<Handle> leaving) {
    int from = end(count);
    int to = Math.addExact(from, length);
    if (to > bytes.length) {
      long doubled = Math.min(2L * bytes.length, ByteSink.MAX_LENGTH);
      bytes = Arrays.copyOf(bytes, (int) Math.max(to, count == 0 ? to : doubled));
    }
    System.arraycopy(message, 0, bytes, from, length);
    if (count == ends.length) {
      ends = Arrays.copyOf(ends, 2 * count);
    }
    ends[count] = to;
    handles.add(leaving);
    count++;
  }

  /// How many of its messages have not been appended yet.
  public int left() {
    return count - next;
  }

  byte[] bytes() {
    return bytes;
  }

  int nextFrom() {
    return end(next);
  }

  int nextLength() {
    return end(next + 1) - end(next);
  }

  List<Handle> nextHandles() {
    return handles.get(next);
  }

  /// Notes that the next message has been appended.
  void advance() {
    next++;
  }

  private int end(int number) {
    return number == 0 ? 0 : ends[number - 1];
  }
}

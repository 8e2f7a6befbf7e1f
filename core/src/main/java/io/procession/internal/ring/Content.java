package io.procession.internal.ring;

import io.procession.serial.ByteSink;
import java.lang.foreign.MemorySegment;

/// What is written into a record and is no part of an array of bytes.
sealed interface Content {
  /// How many bytes, those of the table too.
  int length();

  /// How many bytes of them are a table of arrays, behind the message.
  int tableBytes();

  void write(MemorySegment memory, long at);

  /// A message in memory of any kind. One that is too long for a ring is told by its length.
  record OfSegment(MemorySegment message) implements Content {
    @Override
    public int length() {
      return (int) Math.min(Integer.MAX_VALUE, message.byteSize());
    }

    @Override
    public int tableBytes() {
      return 0;
    }

    @Override
    public void write(MemorySegment memory, long at) {
      MemorySegment.copy(message, 0, memory, at, message.byteSize());
    }
  }

  /// The bytes of a sink, with long arrays among them.
  @SuppressWarnings("ArrayRecordComponent") // nobody compares it
  record OfSink(ByteSink message, byte[] table) implements Content {
    /// A message that would be too long with its table goes without.
    public OfSink {
      if ((long) message.length() + table.length > SegmentLayout.MAX_MESSAGE) {
        table = new byte[0];
      }
    }

    @Override
    public int length() {
      return message.length() + table.length;
    }

    @Override
    public int tableBytes() {
      return table.length;
    }

    @Override
    public void write(MemorySegment memory, long at) {
      message.copyTo(memory, at);
      MemorySegment.copy(
          MemorySegment.ofArray(table), 0, memory, at + message.length(), table.length);
    }
  }
}

package io.procession.internal.arena;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;

/// The black box of this process, which writes it without mapping the arena, as
/// [BlackBoxLayout] has it. For one thread at a time.
public final class BlackBox {
  /// The most bytes that there is room for.
  public static final int CAPACITY = BlackBoxLayout.CAPACITY;

  private final RandomAccessFile arena;
  private final long at;
  private final byte[] header = new byte[BlackBoxLayout.BYTES_AT];
  private long written;

  /// @param arena the arena's file, open for writing; it stays the caller's
  /// @param participant whose box it is
  /// @throws IOException if the session is over
  public BlackBox(RandomAccessFile arena, int participant) throws IOException {
    this.arena = arena;
    this.at = BlackBoxLayout.at(participant);
    putLittleEndian(BlackBoxLayout.TENANT_AT, participant, Integer.BYTES);
    writeHeader(); // before the first byte: what is there is another's
  }

  /// Notes the last that was said.
  ///
  /// @throws IOException if the session is over
  public void write(byte[] bytes, int from, int length) throws IOException {
    int count = Math.min(length, CAPACITY);
    int first = from + length - count;
    long begin = written + length - count;
    int place = (int) (begin % CAPACITY);
    int upToEnd = Math.min(count, CAPACITY - place);
    arena.seek(at + BlackBoxLayout.BYTES_AT + place);
    arena.write(bytes, first, upToEnd);
    if (upToEnd < count) {
      arena.seek(at + BlackBoxLayout.BYTES_AT);
      arena.write(bytes, first + upToEnd, count - upToEnd);
    }
    written += length;
    writeHeader();
  }

  private void writeHeader() throws IOException {
    putLittleEndian(BlackBoxLayout.WRITTEN_AT, written, Long.BYTES);
    arena.seek(at);
    arena.write(header);
  }

  private void putLittleEndian(int at, long value, int bytes) {
    for (int i = 0; i < bytes; i++) {
      header[at + i] = (byte) (value >>> (8 * i));
    }
  }

  /// What a participant that is dead has last written; empty if nothing. If it has written more than
  /// there is room for, it begins amid a line.
  static byte[] read(MemorySegment memory, int dead) {
    long at = BlackBoxLayout.at(dead);
    long written = Words.getLongVolatile(memory, at + BlackBoxLayout.WRITTEN_AT);
    boolean isIts = Words.getIntVolatile(memory, at + BlackBoxLayout.TENANT_AT) == dead;
    if (!isIts || written <= 0) {
      return new byte[0];
    }
    byte[] bytes = new byte[(int) Math.min(written, CAPACITY)];
    int place = (int) ((written - bytes.length) % CAPACITY);
    int upToEnd = Math.min(bytes.length, CAPACITY - place);
    long ring = at + BlackBoxLayout.BYTES_AT;
    Words.copyOut(memory, ring + place, bytes, 0, upToEnd);
    Words.copyOut(memory, ring, bytes, upToEnd, bytes.length - upToEnd);
    return bytes;
  }
}

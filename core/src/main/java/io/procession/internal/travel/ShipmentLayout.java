package io.procession.internal.travel;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Directory;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Units;
import io.procession.internal.arena.Words;
import io.procession.serial.ByteSink;
import io.procession.serial.ByteSource;
import java.io.StreamCorruptedException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A shipment of classes: bytes in the units of a CLASSES cell, written once, before anybody is told of
/// them. So who reads them needs no order but that of the message that named the shipment.
///
/// ```
/// cell body 0   at       long   offset of the bytes
///           8   length   long   their number
///
/// bytes     0   magic    int    "PCL" and the layout's version
///           4   first    2 ints cell and generation of the process's first shipment
///           12  previous 2 ints those of the one before this, its own if it is the first
///           20  count    int    entries that follow
///
/// entry     loader   varint   the number of the loader that is asked
///           name     string   a.b.C
///           kind     byte     1 bytes, 2 elsewhere, 3 absent
///           1:       int, bytes      the class file
///           2, 3:    string          the prefix of the class; why it could not be had
/// ```
///
/// All shipments of one process are a chain. Each is the maker's last word on its classes; they live
/// until the session ends, since nobody can know who still links against them.
final class ShipmentLayout {
  static final int BYTES = 1;
  static final int ELSEWHERE = 2;
  static final int ABSENT = 3;

  private static final int MAGIC = 'P' | 'C' << 8 | 'L' << 16 | 1 << 24;
  private static final int LENGTH_AT = 8;

  private ShipmentLayout() {}

  /// What a loader shall answer when it is asked for a class.
  ///
  /// @param loader the loader's number
  /// @param name the class's name
  /// @param kind one of the constants above
  /// @param file its class file, if the kind is `BYTES`
  /// @param text otherwise where it is, or why it is not there
  @SuppressWarnings("ArrayRecordComponent") // nobody compares it
  record Entry(int loader, String name, int kind, byte @Nullable [] file, String text) {}

  /// A shipment as it was read.
  record Shipment(CellRef first, CellRef previous, List<Entry> entries) {}

  /// Fills a shipment's cell.
  ///
  /// @param first the process's first shipment, which may be this one
  /// @param previous the one before, or this one
  static void write(
      Session session, CellRef ref, CellRef first, CellRef previous, List<Entry> entries) {
    ByteSink out = new ByteSink(1 << 14);
    out.putInt(MAGIC);
    out.putInt(first.cell());
    out.putInt(first.generation());
    out.putInt(previous.cell());
    out.putInt(previous.generation());
    out.putInt(entries.size());
    for (Entry entry : entries) {
      write(entry, out);
    }
    int units = Units.unitsFor(out.length());
    long at = Units.offset(session.units().allocate(ref.cell(), units));
    MemorySegment.copy(out.array(), 0, session.memory(), ValueLayout.JAVA_BYTE, at, out.length());
    Words.setLong(session.memory(), Directory.body(ref.cell()), at);
    Words.setLong(session.memory(), Directory.body(ref.cell()) + LENGTH_AT, out.length());
  }

  private static void write(Entry entry, ByteSink out) {
    out.putVarInt(entry.loader());
    out.putString(entry.name());
    out.putByte(entry.kind());
    byte[] file = entry.file();
    if (file != null) {
      out.putInt(file.length);
      out.putBytes(file);
    } else {
      out.putString(entry.text());
    }
  }

  /// Reads a shipment.
  ///
  /// @throws IllegalStateException if there is none, with the reason
  static Shipment read(Session session, CellRef ref) throws StreamCorruptedException {
    session.directory().check(ref, CellKind.CLASSES);
    MemorySegment memory = session.memory();
    long at = Words.getLong(memory, Directory.body(ref.cell()));
    long length = Words.getLong(memory, Directory.body(ref.cell()) + LENGTH_AT);
    if (length <= 0 || length > ByteSink.MAX_LENGTH || at < Units.offset(0)) {
      throw new StreamCorruptedException("damaged shipment of classes: length=" + length);
    }
    byte[] bytes = new byte[(int) length];
    MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, at, bytes, 0, bytes.length);
    return parse(ref.session(), new ByteSource(bytes));
  }

  private static Shipment parse(long session, ByteSource in) throws StreamCorruptedException {
    if (in.getInt() != MAGIC) {
      throw new StreamCorruptedException("no shipment of classes, or one of another version");
    }
    CellRef first = new CellRef(session, in.getInt(), in.getInt());
    CellRef previous = new CellRef(session, in.getInt(), in.getInt());
    int count = in.getInt();
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int loader = in.getVarInt();
      String name = in.getString();
      int kind = in.getByte();
      entries.add(
          kind == BYTES
              ? new Entry(loader, name, kind, in.getBytes(in.getInt()), "")
              : new Entry(loader, name, kind, null, in.getString()));
    }
    return new Shipment(first, previous, entries);
  }
}

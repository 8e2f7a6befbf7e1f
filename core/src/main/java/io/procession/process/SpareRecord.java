package io.procession.process;

import io.procession.serial.ByteSink;
import io.procession.serial.ByteSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// What a spare is told when it is started, where a child has its launch record.
///
/// ```
/// 0   magic        int     "PSP" and the layout's version
/// 4   participant  int     whose record it is
/// 8   order        long    the offset of the words by which it is given its order
/// 16  initialized  int     how many classes; then their names, each a string
///     linked       int     how many classes; then their names, each a string
/// ```
///
/// @param participant whose it is
/// @param order the offset of its [SpareOrder]
/// @param initialized names of classes that are loaded and initialized
/// @param linked names of classes that are only loaded and linked: none of their code runs
record SpareRecord(int participant, long order, List<String> initialized, List<String> linked) {
  private static final int MAGIC = 'P' | 'S' << 8 | 'P' << 16 | 1 << 24;

  ByteSink write() {
    ByteSink out = new ByteSink(256);
    out.putInt(MAGIC);
    out.putInt(participant);
    out.putLong(order);
    out.putInt(initialized.size());
    for (String name : initialized) {
      out.putString(name);
    }
    out.putInt(linked.size());
    for (String name : linked) {
      out.putString(name);
    }
    return out;
  }

  /// True if the bytes are such a record.
  static boolean is(byte[] bytes) throws IOException {
    return bytes.length > Integer.BYTES && new ByteSource(bytes).getInt() == MAGIC;
  }

  static SpareRecord read(byte[] bytes) throws IOException {
    ByteSource in = new ByteSource(bytes);
    in.getInt();
    int participant = in.getInt();
    long order = in.getLong();
    return new SpareRecord(participant, order, names(in), names(in));
  }

  private static List<String> names(ByteSource in) throws IOException {
    int count = in.getInt();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add(in.getString());
    }
    return names;
  }
}

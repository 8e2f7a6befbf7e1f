package io.procession.process;

import io.procession.serial.ByteSink;
import io.procession.serial.ByteSource;
import io.procession.serial.Codec;
import io.procession.serial.Task;
import java.io.IOException;
import java.io.StreamCorruptedException;

/// What a child is told of itself: bytes in the units of a LAUNCH cell, written before the child is
/// started and read by it through the arena's file.
///
/// ```
/// 0   magic      int     "PLR" and the layout's version
/// 4   flags      int     1: daemon
/// 8   name       string  as ByteSink.putString writes it
///     lineage    string  numbers from the first process down, "1:2"; empty parts never occur
///     task       the rest, as the standard codec writes it
/// ```
final class LaunchRecord {
  private static final int MAGIC = 'P' | 'L' << 8 | 'R' << 16 | 1 << 24;
  private static final int DAEMON = 1;

  private final String name;
  private final String lineage;
  private final boolean daemon;
  private final ByteSource rest;

  private LaunchRecord(String name, String lineage, boolean daemon, ByteSource rest) {
    this.name = name;
    this.lineage = lineage;
    this.daemon = daemon;
    this.rest = rest;
  }

  static ByteSink write(String name, String lineage, boolean daemon, Task task) {
    ByteSink out = new ByteSink(256);
    out.putInt(MAGIC);
    out.putInt(daemon ? DAEMON : 0);
    out.putString(name);
    out.putString(lineage);
    Codec.standard().encode(task, out);
    return out;
  }

  static LaunchRecord read(byte[] bytes) throws IOException {
    ByteSource in = new ByteSource(bytes);
    if (in.getInt() != MAGIC) {
      throw new StreamCorruptedException(
          "no launch record, or of another version of Procession than this child's");
    }
    boolean daemon = (in.getInt() & DAEMON) != 0;
    String name = in.getString();
    String lineage = in.getString();
    return new LaunchRecord(name, lineage, daemon, in);
  }

  String name() {
    return name;
  }

  String lineage() {
    return lineage;
  }

  boolean isDaemon() {
    return daemon;
  }

  /// Reads the task, which runs static initialisers of the user's classes. Once only.
  Task task() throws IOException, ClassNotFoundException {
    Object task = Codec.standard().decode(rest);
    if (task == null) {
      throw new StreamCorruptedException("no task in the launch record");
    }
    return (Task) task;
  }
}

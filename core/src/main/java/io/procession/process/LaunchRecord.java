package io.procession.process;

import io.procession.internal.log.LogState;
import io.procession.serial.ByteSink;
import io.procession.serial.ByteSource;
import io.procession.serial.Codec;
import io.procession.serial.SerializableRunnable;
import java.io.IOException;
import java.io.StreamCorruptedException;

/// What a child is told of itself: bytes in the units of a LAUNCH cell, written before the child is
/// started and read by it through the arena's file.
///
/// ```
/// 0   magic        int     "PLR" and the layout's version
/// 4   participant  int     whose record it is
/// 8   flags        int     1: daemon
/// 12  log level    int     from which severity on the library's records go to stderr: LogState
/// 16  name         string  as ByteSink.putString writes it
///     lineage      string  numbers from the first process down: "1:2"
///     parent       string  its parent's name
///     initialisers string  see StaticInitialisers
///     key length   int     bytes of the authKey that follow
///     key
///     task                 the rest, as the standard codec writes it
/// ```
///
/// Its memory is given back when the child's parent has ended, to be used by whoever comes next. A
/// child that lives a moment longer sees by the participant that the record is not its own.
final class LaunchRecord {
  private static final int MAGIC = 'P' | 'L' << 8 | 'R' << 16 | 3 << 24;
  private static final int PARTICIPANT_AT = 4;
  private static final int DAEMON = 1;

  private final int logLevel;
  private final String name;
  private final String lineage;
  private final boolean daemon;
  private final String parentName;
  private final String initialisers;
  private final byte[] authKey;
  private final ByteSource rest;

  private LaunchRecord(
      int logLevel,
      String name,
      String lineage,
      boolean daemon,
      String parentName,
      String initialisers,
      byte[] authKey,
      ByteSource rest) {
    this.logLevel = logLevel;
    this.name = name;
    this.lineage = lineage;
    this.daemon = daemon;
    this.parentName = parentName;
    this.initialisers = initialisers;
    this.authKey = authKey;
    this.rest = rest;
  }

  /// Writes a record. Whose it is, is not known before [#address].
  static ByteSink write(
      String name,
      String lineage,
      boolean daemon,
      String parentName,
      String initialisers,
      byte[] authKey,
      SerializableRunnable task) {
    ByteSink out = new ByteSink(256).keepingHandles();
    out.putInt(MAGIC);
    out.putInt(0);
    out.putInt(daemon ? DAEMON : 0);
    out.putInt(LogState.toStderr());
    out.putString(name);
    out.putString(lineage);
    out.putString(parentName);
    out.putString(initialisers);
    out.putInt(authKey.length);
    out.putBytes(authKey);
    Codec.standard().encode(task, out);
    return out;
  }

  static void address(ByteSink record, int participant) {
    record.setInt(PARTICIPANT_AT, participant);
  }

  static LaunchRecord read(byte[] bytes, int participant) throws IOException {
    ByteSource in = new ByteSource(bytes);
    if (in.getInt() != MAGIC) {
      throw new StreamCorruptedException(
          "no launch record, or of another version of Procession than this child's");
    }
    if (in.getInt() != participant) {
      throw new StreamCorruptedException("the launch record is of another process");
    }
    boolean daemon = (in.getInt() & DAEMON) != 0;
    int logLevel = in.getInt();
    String name = in.getString();
    String lineage = in.getString();
    String parentName = in.getString();
    String initialisers = in.getString();
    byte[] authKey = in.getBytes(in.getInt());
    return new LaunchRecord(logLevel, name, lineage, daemon, parentName, initialisers, authKey, in);
  }

  /// From which severity on the library's records go to stderr.
  int logLevel() {
    return logLevel;
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

  String parentName() {
    return parentName;
  }

  String initialisers() {
    return initialisers;
  }

  byte[] authKey() {
    return authKey;
  }

  /// Reads the task, which runs static initialisers of the user's classes. Once only.
  SerializableRunnable task() throws IOException, ClassNotFoundException {
    Object task = Codec.standard().decode(rest);
    if (task == null) {
      throw new StreamCorruptedException("no task in the launch record");
    }
    return (SerializableRunnable) task;
  }
}

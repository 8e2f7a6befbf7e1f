package io.procession.internal.relay;

import io.procession.internal.log.LogState;
import io.procession.logging.LogEntry;
import io.procession.serial.ByteSink;
import io.procession.serial.ByteSource;
import io.procession.serial.Codec;
import io.procession.serial.NotSendableException;
import io.procession.serial.StandInException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The bytes of a record on its way:
///
/// ```
/// 0   version   byte    1
/// 1   severity  int     that of a System.Logger.Level
/// 5   seconds   long    of the epoch, when it was logged
/// 13  nanos     int
/// 17  pid       long
/// 25  thread    long    its number
/// 33  framework, process, logger, level name, thread name, message: strings as ByteSink writes them
///     source    boolean true, string  class;  boolean true, string  method;  false where not known
///     context   varint  how many pairs; then key and value of each, strings
///     thrown    boolean true, and then as StandInException.encode writes it without a codec; or false
/// ```
///
/// No object of the program's is among it: the first process may lack its class, and to log must not run
/// anybody's `writeObject`.
final class LogForm {
  /// More characters of a message are cut off.
  static final int MAX_MESSAGE = 16_000;

  /// A record that would be longer has its exception as text, cut off.
  static final int MAX_BYTES = 120_000;

  private static final int VERSION = 1;
  private static final String CUT = " ... (cut off)";
  private static final Codec NO_CODEC = new NoCodec();

  private LogForm() {}

  static byte[] write(LogEntry entry) {
    byte[] bytes = write(entry, cut(entry.message()), entry.thrown());
    if (bytes.length <= MAX_BYTES) {
      return bytes;
    }
    return write(entry, cut(entry.message() + stack(entry.thrown())), null);
  }

  private static byte[] write(LogEntry entry, String message, @Nullable Throwable thrown) {
    ByteSink out = new ByteSink(256);
    out.putByte(VERSION);
    out.putInt(entry.level().getSeverity());
    Instant time = entry.time();
    out.putLong(time.getEpochSecond());
    out.putInt(time.getNano());
    out.putLong(entry.pid());
    out.putLong(entry.threadId());
    out.putString(cut(entry.framework()));
    out.putString(cut(entry.process()));
    out.putString(cut(entry.logger()));
    out.putString(cut(entry.levelName()));
    out.putString(cut(entry.thread()));
    out.putString(message);
    putNullable(entry.sourceClass(), out);
    putNullable(entry.sourceMethod(), out);
    out.putVarInt(entry.context().size());
    for (Map.Entry<String, String> pair : entry.context().entrySet()) {
      out.putString(cut(pair.getKey()));
      out.putString(cut(pair.getValue()));
    }
    out.putBoolean(thrown != null);
    if (thrown != null) {
      StandInException.encode(thrown, NO_CODEC, out);
    }
    return out.toByteArray();
  }

  /// Reads a record.
  ///
  /// @throws IOException if the bytes are none
  static LogEntry read(byte[] bytes) throws IOException {
    ByteSource in = new ByteSource(bytes);
    int version = in.getByte();
    if (version != VERSION) {
      throw new IOException("a record of a log has another form: version=" + version);
    }
    Level level = LogState.level(in.getInt(), Level.INFO);
    Instant time = Instant.ofEpochSecond(in.getLong(), in.getInt());
    long pid = in.getLong();
    long threadId = in.getLong();
    String framework = in.getString();
    String process = in.getString();
    String logger = in.getString();
    String levelName = in.getString();
    String thread = in.getString();
    String message = in.getString();
    String sourceClass = getNullable(in);
    String sourceMethod = getNullable(in);
    Map<String, String> context = new HashMap<>();
    for (int left = in.getVarInt(); left > 0; left--) {
      context.put(in.getString(), in.getString());
    }
    Throwable thrown = in.getBoolean() ? StandInException.decode(NO_CODEC, in) : null;
    return new LogEntry(
        framework,
        process,
        pid,
        logger,
        level,
        levelName,
        time,
        thread,
        threadId,
        sourceClass,
        sourceMethod,
        message,
        thrown,
        context);
  }

  /// What the black box of the process has of it.
  static String line(LogEntry entry) {
    String line = entry.levelName() + " " + entry.logger() + ": " + cut(entry.message());
    Throwable thrown = entry.thrown();
    return thrown == null ? line : line + System.lineSeparator() + text(thrown);
  }

  /// Its class where its own description fails: who logs shall go on.
  private static String text(Throwable thrown) {
    try {
      return thrown.toString();
    } catch (RuntimeException | Error e) {
      return thrown.getClass().getName();
    }
  }

  private static String cut(String text) {
    return text.length() <= MAX_MESSAGE ? text : text.substring(0, MAX_MESSAGE) + CUT;
  }

  private static String stack(@Nullable Throwable thrown) {
    if (thrown == null) {
      return "";
    }
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text, true));
    return System.lineSeparator() + text;
  }

  private static void putNullable(@Nullable String text, ByteSink out) {
    out.putBoolean(text != null);
    if (text != null) {
      out.putString(cut(text));
    }
  }

  private static @Nullable String getNullable(ByteSource in) throws IOException {
    return in.getBoolean() ? in.getString() : null;
  }

  /// Encodes nothing: of an exception only its description travels.
  private static final class NoCodec implements Codec {
    private static final long serialVersionUID = 1L;

    @Override
    public void encode(@Nullable Object value, ByteSink out) {
      throw new NotSendableException("a log has no objects");
    }

    @Override
    public @Nullable Object decode(ByteSource in) throws IOException {
      throw new IOException("a log has no objects");
    }
  }
}

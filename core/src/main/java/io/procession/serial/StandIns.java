package io.procession.serial;

import java.io.IOException;
import java.io.StreamCorruptedException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes stand-ins of exceptions, and writes and reads their plain form.
///
/// This is a border: the methods of an exception are someone else's code and run while a failure is
/// already on its way, so whatever they throw is taken note of and goes no further.
final class StandIns {
  /// No more exceptions than these are told of one failure, however its causes are linked.
  private static final int MAX_EXCEPTIONS = 100;

  private static final int MAX_FRAMES = 1024;

  /// After so many causes that could not be encoded the rest is stood in for untried.
  private static final int MAX_ATTEMPTS = 8;

  private final @Nullable Codec codec;
  private final Set<Throwable> told = Collections.newSetFromMap(new IdentityHashMap<>());

  private int attempts;

  private StandIns(@Nullable Codec codec) {
    this.codec = codec;
  }

  /// A stand-in whose causes are themselves where the codec can encode them.
  static StandInException standIn(Throwable failure, Codec codec) {
    return new StandIns(codec).make(failure);
  }

  private StandInException make(Throwable failure) {
    told.add(failure);
    String name = failure.getClass().getName();
    String message = message(failure);
    var made =
        new StandInException(name, description(failure, name, message), message, trace(failure));
    Throwable cause = cause(failure);
    if (cause != null && !told.contains(cause) && told.size() < MAX_EXCEPTIONS) {
      made.initCause(sendable(cause));
    }
    for (Throwable suppressed : failure.getSuppressed()) {
      if (!told.contains(suppressed) && told.size() < MAX_EXCEPTIONS) {
        made.addSuppressed(sendable(suppressed));
      }
    }
    return made;
  }

  private Throwable sendable(Throwable failure) {
    if (codec != null && attempts < MAX_ATTEMPTS) {
      if (tryEncode(failure, codec, new ByteSink())) {
        told.add(failure);
        return failure;
      }
      attempts++;
    }
    return make(failure);
  }

  @SuppressWarnings("CatchingUnchecked") // see the class comment
  static boolean tryEncode(Throwable failure, Codec codec, ByteSink out) {
    int start = out.length();
    try {
      codec.encode(failure, out);
      return true;
    } catch (Throwable e) {
      out.truncate(start);
      return false;
    }
  }

  private static @Nullable String message(Throwable failure) {
    try {
      return failure.getMessage();
    } catch (Throwable e) {
      return "getMessage() threw " + e.getClass().getName();
    }
  }

  @SuppressWarnings("ConstantValue") // someone else's toString may well answer null
  private static String description(Throwable failure, String name, @Nullable String message) {
    try {
      String text = failure.toString();
      if (text != null) {
        return text;
      }
    } catch (Throwable e) {
      // described from its parts, below
    }
    return message == null ? name : name + ": " + message;
  }

  private static StackTraceElement[] trace(Throwable failure) {
    try {
      return failure.getStackTrace().clone();
    } catch (Throwable e) {
      return new StackTraceElement[0];
    }
  }

  private static @Nullable Throwable cause(Throwable failure) {
    try {
      return failure.getCause();
    } catch (Throwable e) {
      return null;
    }
  }

  static void write(Throwable failure, Codec codec, ByteSink out) {
    int at = out.length();
    out.putInt(0); // its length, below
    if (!tryEncode(failure, codec, out)) {
      tryEncode(standIn(failure, codec), codec, out);
    }
    out.setInt(at, out.length() - at - Integer.BYTES);
    writePlain(new StandIns(null).make(failure), out);
  }

  private static void writePlain(StandInException plain, ByteSink out) {
    out.putString(plain.originalClassName());
    out.putString(plain.toString());
    putNullable(plain.getMessage(), out);
    StackTraceElement[] trace = plain.getStackTrace();
    int frames = Math.min(trace.length, MAX_FRAMES);
    out.putVarInt(frames);
    for (int i = 0; i < frames; i++) {
      writeFrame(trace[i], out);
    }
    Throwable[] suppressed = plain.getSuppressed();
    out.putVarInt(suppressed.length);
    for (Throwable other : suppressed) {
      writePlain((StandInException) other, out);
    }
    Throwable cause = plain.getCause();
    out.putBoolean(cause != null);
    if (cause != null) {
      writePlain((StandInException) cause, out);
    }
  }

  private static void writeFrame(StackTraceElement frame, ByteSink out) {
    putNullable(frame.getClassLoaderName(), out);
    putNullable(frame.getModuleName(), out);
    putNullable(frame.getModuleVersion(), out);
    out.putString(frame.getClassName());
    out.putString(frame.getMethodName());
    putNullable(frame.getFileName(), out);
    out.putInt(frame.getLineNumber());
  }

  private static void putNullable(@Nullable String text, ByteSink out) {
    out.putBoolean(text != null);
    if (text != null) {
      out.putString(text);
    }
  }

  static Throwable read(Codec codec, ByteSource in) throws IOException {
    int length = in.getInt();
    int at = in.take(length);
    Throwable problem = null;
    Throwable original = null;
    if (length > 0) {
      try {
        original = (Throwable) codec.decode(new ByteSource(in.array(), at, length));
      } catch (IOException | ClassNotFoundException | RuntimeException | LinkageError e) {
        problem = e;
      }
    }
    StandInException plain = readPlain(in, 0);
    if (original != null) {
      return original;
    }
    if (problem != null) {
      plain.addSuppressed(problem);
    }
    return plain;
  }

  private static StandInException readPlain(ByteSource in, int depth)
      throws StreamCorruptedException {
    if (depth > MAX_EXCEPTIONS) {
      throw in.corrupt("nested too deep: depth=" + depth);
    }
    String name = in.getString();
    String description = in.getString();
    String message = getNullable(in);
    StackTraceElement[] trace = new StackTraceElement[in.getCount(1)];
    for (int i = 0; i < trace.length; i++) {
      trace[i] = readFrame(in);
    }
    var plain = new StandInException(name, description, message, trace);
    int suppressed = in.getCount(1);
    for (int i = 0; i < suppressed; i++) {
      plain.addSuppressed(readPlain(in, depth + 1));
    }
    if (in.getBoolean()) {
      plain.initCause(readPlain(in, depth + 1));
    }
    return plain;
  }

  private static StackTraceElement readFrame(ByteSource in) throws StreamCorruptedException {
    String loader = getNullable(in);
    String module = getNullable(in);
    String version = getNullable(in);
    return new StackTraceElement(
        loader, module, version, in.getString(), in.getString(), getNullable(in), in.getInt());
  }

  private static @Nullable String getNullable(ByteSource in) throws StreamCorruptedException {
    return in.getBoolean() ? in.getString() : null;
  }
}

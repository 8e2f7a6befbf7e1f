package io.procession.serial;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Stands for an exception of another process that could not be sent, or could not be rebuilt here.
///
/// It prints as the original would: [#toString] answers what the original's answered, and the stack
/// trace, the causes and the suppressed exceptions are the original's. Causes that can be sent are
/// themselves. Safe for use by several threads, as any exception.
@SuppressWarnings("InvalidBlockTag") // Error Prone does not know @hidden
public final class StandInException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String originalClassName;
  private final String description;

  StandInException(
      String originalClassName,
      String description,
      @Nullable String message,
      StackTraceElement[] trace) {
    super(message);
    this.originalClassName = originalClassName;
    this.description = description;
    setStackTrace(trace);
  }

  /// The name of the original's class.
  ///
  /// @return the name, as [Class#getName] gives it
  public String originalClassName() {
    return originalClassName;
  }

  /// What the original's `toString` answered.
  @Override
  @SuppressWarnings("OverrideThrowableToString") // the message is the original's, too
  public String toString() {
    return description;
  }

  /// Stack traces are the original's: there is none to take here.
  @Override
  public Throwable fillInStackTrace() {
    return this;
  }

  /// The exception itself if a codec can encode it, else one that stands for it.
  ///
  /// Never throws because of what the exception's own methods do: not even when its `getMessage` or
  /// its `writeObject` throws. For the library's own transports, as [#encode] and [#decode] are.
  ///
  /// @param failure the exception
  /// @param codec the codec that is going to encode it
  /// @return an exception that the codec can encode
  /// @hidden
  public static Throwable sendable(Throwable failure, Codec codec) {
    return StandIns.tryEncode(failure, codec, new ByteSink())
        ? failure
        : StandIns.standIn(failure, codec);
  }

  /// Appends an exception in a form that [#decode] always turns into an exception: the bytes of the
  /// codec, of the exception or of one that stands for it, and behind them a plain description.
  ///
  /// Never throws because of what the exception's own methods do.
  ///
  /// @param failure the exception
  /// @param codec the codec
  /// @param out where the bytes go
  /// @hidden
  public static void encode(Throwable failure, Codec codec, ByteSink out) {
    StandIns.write(failure, codec, out);
  }

  /// Reads an exception that [#encode] wrote. Where the codec cannot rebuild it, for instance since
  /// its class is missing in this process, a stand-in is made from the description; the reason is
  /// among its suppressed exceptions.
  ///
  /// @param codec the codec
  /// @param in the source, at the first byte that [#encode] wrote
  /// @return the exception
  /// @throws IOException if the bytes are not what `encode` writes
  /// @hidden
  public static Throwable decode(Codec codec, ByteSource in) throws IOException {
    return StandIns.read(codec, in);
  }
}

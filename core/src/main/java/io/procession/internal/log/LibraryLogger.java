package io.procession.internal.log;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.text.MessageFormat;
import java.util.MissingResourceException;
import java.util.ResourceBundle;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A logger of the library: the platform's of the same name, which is made when it is first needed; or the
/// standard error, if this process or one above it has said so.
///
/// Safe for use by many threads.
public final class LibraryLogger implements System.Logger {
  /// The logger for users, and the name above those of all others.
  public static final LibraryLogger ROOT = new LibraryLogger("io.procession");

  private final String name;
  private volatile System.@Nullable Logger platform;

  private LibraryLogger(String name) {
    this.name = name;
  }

  /// The logger of that name.
  public static LibraryLogger of(String name) {
    return new LibraryLogger(name);
  }

  @Override
  public String getName() {
    return name;
  }

  @Override
  public boolean isLoggable(Level level) {
    int least = LogState.toStderr();
    if (least != LogState.NOT_TO_STDERR) {
      return level != Level.OFF && level.getSeverity() >= least;
    }
    try {
      return platform().isLoggable(level);
    } catch (RuntimeException | AssertionError | LinkageError | VirtualMachineError e) {
      hasFailed(e);
      return false;
    }
  }

  @Override
  public void log(
      Level level,
      @Nullable ResourceBundle bundle,
      @Nullable String message,
      @Nullable Throwable thrown) {
    if (LogState.toStderr() == LogState.NOT_TO_STDERR) {
      toPlatform(platform -> platform.log(level, bundle, message, thrown));
    } else if (isLoggable(level)) {
      print(level, localized(bundle, message), thrown);
    }
  }

  @Override
  public void log(
      Level level,
      @Nullable ResourceBundle bundle,
      @Nullable String format,
      @Nullable Object... parameters) {
    if (LogState.toStderr() == LogState.NOT_TO_STDERR) {
      toPlatform(platform -> platform.log(level, bundle, format, parameters));
    } else if (isLoggable(level)) {
      print(level, formatted(localized(bundle, format), parameters), null);
    }
  }

  /// Who logs is in the midst of something, often with a lock held or a process to bury: what a handler or a
  /// filter of the program's throws is told, and nothing else comes of it.
  private void toPlatform(Consumer<System.Logger> record) {
    try {
      record.accept(platform());
    } catch (RuntimeException | AssertionError | LinkageError | VirtualMachineError e) {
      hasFailed(e); // others are the program's wish to end this process
    }
  }

  private void hasFailed(Throwable thrown) {
    try {
      print(Level.WARNING, "a handler of logs has failed: logger=" + name, thrown);
    } catch (RuntimeException | AssertionError | LinkageError | VirtualMachineError e) {
      // memory is short for the message, too, perhaps: there is nobody left to tell it
    }
  }

  private System.Logger platform() {
    System.Logger known = platform;
    if (known == null) {
      known = System.getLogger(name);
      platform = known;
    }
    return known;
  }

  /// All at once, so that what processes and threads print does not mix within a record.
  private static void print(Level level, String message, @Nullable Throwable thrown) {
    StringBuilder text = new StringBuilder(64);
    text.append('[').append(level.getName()).append('/').append(LogState.process()).append("] ");
    text.append(message).append(System.lineSeparator());
    if (thrown != null) {
      StringWriter stack = new StringWriter();
      thrown.printStackTrace(new PrintWriter(stack, true));
      text.append(stack);
    }
    System.err.print(text);
    System.err.flush();
  }

  private static String localized(@Nullable ResourceBundle bundle, @Nullable String key) {
    if (bundle != null && key != null) {
      try {
        return bundle.getString(key);
      } catch (MissingResourceException | ClassCastException e) {
        // it is the message itself then, as with other loggers
      }
    }
    return String.valueOf(key);
  }

  private static String formatted(String format, @Nullable Object @Nullable [] parameters) {
    if (parameters == null || parameters.length == 0) {
      return format;
    }
    try {
      return MessageFormat.format(format, parameters);
    } catch (IllegalArgumentException e) {
      return format;
    }
  }
}

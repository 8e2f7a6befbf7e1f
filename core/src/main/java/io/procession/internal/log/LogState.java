package io.procession.internal.log;

import java.lang.System.Logger.Level;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What this process knows of logging. Small, and without a logger, since every young child sets it.
public final class LogState {
  /// Instead of a level: what the library logs does not go to the standard error.
  public static final int NOT_TO_STDERR = Integer.MAX_VALUE;

  /// The property that says where the records of a child go.
  public static final String PLACE = "procession.logs";

  /// Its value for a child that keeps its records.
  public static final String OWN = "own";

  /// The property by which the parent of a child with an agent says that its records will be relayed.
  public static final String EXPECTED = PLACE + ".expected";

  private static volatile String process = "main";
  private static volatile @Nullable Supplier<@Nullable String> local;
  private static volatile int toStderr = NOT_TO_STDERR;
  private static volatile boolean isHeard;
  private static volatile @Nullable Relay relay;

  private LogState() {}

  /// What takes records of this process to the session's first process.
  public interface Relay {
    /// Takes a record there, or drops it if that takes too long. Blocks for a bounded time only, and
    /// heeds no interrupt.
    ///
    /// @param entry the record, a `LogEntry`, of which nothing is known here
    void take(Object entry);
  }

  /// Names this process, for its records.
  public static void setProcess(String name) {
    process = name;
  }

  /// Says whom to ask which process of this JVM a thread belongs to, null being the JVM itself.
  public static void setLocal(Supplier<@Nullable String> names) {
    local = names;
  }

  /// The name of this process.
  public static String process() {
    Supplier<@Nullable String> ask = local;
    String here = ask == null ? null : ask.get();
    return here == null ? process : here;
  }

  /// Sends what the library logs to the standard error, from a severity on.
  ///
  /// @param severity that of a [Level], or [#NOT_TO_STDERR]
  public static void setToStderr(int severity) {
    toStderr = severity;
    isHeard |= severity != NOT_TO_STDERR;
  }

  /// From which severity on the library's records go to the standard error.
  public static int toStderr() {
    return toStderr;
  }

  /// The level of a severity.
  ///
  /// @param otherwise what it is if there is none
  public static Level level(int severity, Level otherwise) {
    for (Level level : Level.values()) {
      if (level.getSeverity() == severity) {
        return level;
      }
    }
    return otherwise;
  }

  /// From here on somebody wants to know what the library does in the ordinary course of things.
  public static void hear() {
    isHeard = true;
  }

  /// Whether somebody does. If not, no logger is made for it: that of the JDK takes 20 ms.
  public static boolean isHeard() {
    return isHeard;
  }

  /// Has the records of this process be taken away.
  public static void setRelay(@Nullable Relay wanted) {
    relay = wanted;
  }

  /// What takes the records of this process; null if its own handlers do.
  public static @Nullable Relay relay() {
    return relay;
  }
}

package io.procession.internal.posix;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A process that is a few threads of this JVM: the one that has entered it, and those that came of it.
///
/// What a JVM has once for itself, such a process has once, too: what would be a static field is then
/// kept here, under a key. A thread that belongs to none is the JVM's own.
public final class LocalProcess {
  /* A JVM that has no such process, and above all a young one, pays one read for not having it. */
  private static volatile boolean isAny;

  /// Inherited by all threads, virtual ones too. Not a scoped value: those are not inherited by threads
  /// that a task starts as it likes.
  private static final class OfThread {
    static final InheritableThreadLocal<@Nullable LocalProcess> CURRENT =
        new InheritableThreadLocal<>();
  }

  /// No exit was asked for.
  private static final int NONE = -1;

  private final String name;
  private final ConcurrentHashMap<Object, Object> belongings = new ConcurrentHashMap<>();
  private volatile int exit = NONE;

  /// @param name the name of the process
  public LocalProcess(String name) {
    this.name = name;
  }

  /// The process that the calling thread belongs to; null if that is the JVM itself.
  public static @Nullable LocalProcess current() {
    return isAny ? OfThread.CURRENT.get() : null;
  }

  /// The name of [#current]; null if that is none.
  public static @Nullable String currentName() {
    LocalProcess here = current();
    return here == null ? null : here.name;
  }

  /// Ends the process that the calling thread belongs to: the JVM by an exit, another as soon as the
  /// caller, which is its first thread, returns, whatever other threads it has.
  ///
  /// @param code the exit code
  public static void exit(int code) {
    LocalProcess here = current();
    if (here == null) {
      System.exit(code);
    } else {
      here.exit = code;
    }
  }

  /// Does something in this process: all threads that come of it belong to it.
  public void run(Runnable action) {
    isAny = true;
    LocalProcess before = OfThread.CURRENT.get();
    OfThread.CURRENT.set(this);
    try {
      action.run();
    } finally {
      OfThread.CURRENT.set(before);
    }
  }

  /// Does something as the JVM's own: also what threads come of it, and what is kept for the process, is that of
  /// the JVM.
  public static void outside(Runnable action) {
    LocalProcess here = current();
    if (here == null) {
      action.run();
      return;
    }
    OfThread.CURRENT.remove();
    try {
      action.run();
    } finally {
      OfThread.CURRENT.set(here);
    }
  }

  public String name() {
    return name;
  }

  /// Whether it was said that its other threads do not count.
  public boolean isExiting() {
    return exit != NONE;
  }

  /// The code that it was told to exit with.
  ///
  /// @param otherwise what it is if there is none
  public int exitCode(int otherwise) {
    int code = exit;
    return code == NONE ? otherwise : code;
  }

  /// What this process has under a key, made when it is first asked for.
  @SuppressWarnings("unchecked") // each key has values of one type
  public <T> T own(Object key, Supplier<? extends T> first) {
    return (T) belongings.computeIfAbsent(key, _ -> first.get());
  }

  /// What this process has of a type; null if it has none.
  public <T> @Nullable T find(Class<T> type) {
    return type.cast(belongings.get(type));
  }

  /// Gives this process what it has of a type.
  public <T> void put(Class<T> type, T value) {
    belongings.put(type, value);
  }

  @Override
  public String toString() {
    return "LocalProcess[" + name + "]";
  }
}

package io.procession.internal.arena;

import io.procession.internal.check.Property;
import io.procession.internal.posix.LocalProcess;
import io.procession.internal.posix.Until;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// What this process does when it ends, one thing after the other: when its task has returned or
/// thrown and its last thread has ended, when somebody calls `System.exit`, after SIGTERM, SIGINT or
/// SIGHUP. Not after SIGKILL, nor a halt.
///
/// Higher priorities come first; of hooks with the same, the one that was added last. All together have
/// a time limit, `procession.exit.millis`: what is running then is interrupted and left behind, and
/// what has not begun is skipped, but for what is essential.
public final class ExitHooks {
  /*
   * The JVM runs its own hooks side by side, in no order, and waits for ever for one that hangs. So
   * there is one of ours, and a thread for each hook in turn, for which it waits as long as there is
   * time. A hook may add others: what is next is looked for when the last has ended.
   */
  /// For users, unless they say otherwise.
  public static final int USER = 100;

  /// For what sends away what is still here.
  public static final int FLUSH = 10;

  /// For the end of daemons: until then somebody takes what is flushed.
  public static final int DAEMONS = 0;

  /// With this the names of the threads begin for which this JVM's end waits.
  public static final String EXIT = "procession-exit-";

  private static final long LIMIT_NANOS = Property.nanos("procession.exit.millis", 10_000);
  private static final long ESSENTIAL_MILLIS = 2_000;

  /// For one that was interrupted to say what it leaves undone.
  private static final long LAST_WORDS_MILLIS = 200;

  private static final ExitHooks OWN = new ExitHooks();

  private static volatile boolean areRun;

  private final PriorityQueue<Hook> hooks =
      new PriorityQueue<>(
          Comparator.comparingInt((Hook hook) -> hook.priority)
              .reversed()
              .thenComparingLong((Hook hook) -> -hook.number));
  private long added;
  private boolean registered;
  private boolean done;

  private ExitHooks() {}

  private static ExitHooks own() {
    LocalProcess here = LocalProcess.current();
    return here == null ? OWN : here.own(ExitHooks.class, ExitHooks::ofLocal);
  }

  /// Those of a process whose end is no end of the JVM: it says when.
  private static ExitHooks ofLocal() {
    ExitHooks hooks = new ExitHooks();
    hooks.registered = true;
    return hooks;
  }

  /// Whether those of this JVM have begun to run: it ends, and nothing stops that.
  public static boolean areRun() {
    return areRun;
  }

  /// Runs the hooks of the process of this JVM that the calling thread belongs to.
  public static void runOfLocal() {
    own().runAll();
  }

  /// A hook that was added.
  public static final class Hook {
    private final String name;
    private final int priority;
    private final boolean essential;
    private final BooleanSupplier needed;
    private final Runnable action;
    private final long number;
    private final ExitHooks among;

    private Hook(
        ExitHooks among,
        String name,
        int priority,
        boolean essential,
        BooleanSupplier needed,
        Runnable action,
        long number) {
      this.among = among;
      this.name = name;
      this.priority = priority;
      this.essential = essential;
      this.needed = needed;
      this.action = action;
      this.number = number;
    }

    /// Takes it back.
    ///
    /// @return whether it will not run: it was there, and its turn had not come
    public boolean remove() {
      return among.remove(this);
    }
  }

  /// Adds a hook.
  ///
  /// @param name for messages
  /// @throws IllegalStateException if the process ends, and all hooks have run
  public static Hook add(String name, int priority, Runnable action) {
    return addIfNeeded(name, priority, () -> true, action);
  }

  /// Adds a hook that may have nothing to do.
  ///
  /// @param needed whether it has, when its turn has come; it does not block
  /// @throws IllegalStateException if the process ends, and all hooks have run
  public static Hook addIfNeeded(
      String name, int priority, BooleanSupplier needed, Runnable action) {
    return own().add(name, priority, false, needed, action);
  }

  /// Adds a hook that is run even if the time for all is used up.
  ///
  /// @throws IllegalStateException if the process ends, and all hooks have run
  public static Hook addEssential(String name, int priority, Runnable action) {
    return own().add(name, priority, true, () -> true, action);
  }

  private synchronized Hook add(
      String name, int priority, boolean essential, BooleanSupplier needed, Runnable action) {
    if (!registered) {
      try {
        Runtime.getRuntime().addShutdownHook(new Thread(this::runAtExit, EXIT + "hooks"));
      } catch (IllegalStateException e) {
        done = true;
      }
      registered = true;
    }
    if (done) {
      throw new IllegalStateException("this process ends: it is too late for a hook: hook=" + name);
    }
    Hook hook = new Hook(this, name, priority, essential, needed, action, added++);
    hooks.add(hook);
    return hook;
  }

  private synchronized boolean remove(Hook hook) {
    return hooks.remove(hook);
  }

  private synchronized @Nullable Hook next() {
    Hook hook = hooks.poll();
    done = hook == null;
    return hook;
  }

  private void runAtExit() {
    areRun = true;
    runAll();
  }

  private void runAll() {
    long deadline = Until.after(LIMIT_NANOS);
    for (Hook hook = next(); hook != null; hook = next()) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (!isNeeded(hook)) {
        continue;
      }
      if (hook.essential) {
        run(hook, Math.max(left, ESSENTIAL_MILLIS));
      } else if (left > 0) {
        run(hook, left);
      } else {
        LastWords.say("there was no time left for " + hook.name);
      }
    }
  }

  private static boolean isNeeded(Hook hook) {
    try {
      return hook.needed.getAsBoolean();
    } catch (RuntimeException | Error e) {
      return true; // it finds out itself, and the others have their turn
    }
  }

  private static void run(Hook hook, long millis) {
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .name(EXIT + hook.name)
            .uncaughtExceptionHandler(
                (_, thrown) -> LastWords.say(hook.name + " has failed", thrown))
            .unstarted(hook.action);
    try {
      thread.start();
    } catch (OutOfMemoryError e) {
      runHere(hook); // no thread can be had: without a limit, but not lost
      return;
    }
    try {
      if (!thread.join(Duration.ofMillis(millis))) {
        StackTraceElement[] stack = thread.getStackTrace();
        String place = stack.length == 0 ? "" : ": it is at " + stack[0];
        LastWords.say(hook.name + " has not ended in time" + place);
        thread.interrupt();
        boolean _ = thread.join(Duration.ofMillis(LAST_WORDS_MILLIS));
      }
    } catch (InterruptedException e) {
      thread.interrupt(); // nobody has a reason to interrupt a hook of the JVM
    }
  }

  private static void runHere(Hook hook) {
    try {
      hook.action.run();
    } catch (RuntimeException | Error e) {
      LastWords.say(hook.name + " has failed", e);
    }
  }
}

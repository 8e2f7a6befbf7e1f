package io.procession.process;

import io.procession.internal.arena.ExitHooks;
import io.procession.internal.check.Require;

/// Something that this process does when it ends in order: when its task has returned or thrown and
/// its other non-daemon threads have ended, when somebody calls `System.exit`, and after SIGTERM,
/// SIGINT or SIGHUP. Not when it is killed or halted.
///
/// Hooks run one after the other, higher priorities first; of those with the same priority, the
/// one that was added last. What the library does at the end has its place among them:
///
/// | priority | |
/// |---|---|
/// | 100 | [#USER]: hooks that name no priority |
/// | 10 | what a `BufferedQueue` still has is sent; so what a hook above puts arrives |
/// | 0 | daemons are ended; so a hook below has no pool of workers any more |
///
/// All together have ten seconds (`-Dprocession.exit.millis`). A hook that takes longer is interrupted
/// and left behind, and those that have not begun are skipped; a warning says which. A process whose
/// parent is gone has half a second. What a hook throws is logged, and the next runs.
///
/// They run beside the hooks of [Runtime#addShutdownHook], which know no order.
public final class ExitHook {
  /// The priority of hooks that name none.
  public static final int USER = ExitHooks.USER;

  private final ExitHooks.Hook hook;

  private ExitHook(ExitHooks.Hook hook) {
    this.hook = hook;
  }

  /// Adds a hook.
  ///
  /// @param priority its place: the higher, the earlier
  /// @param action what to do; it is run once, in a thread of its own
  /// @return the hook
  /// @throws IllegalStateException if the process ends, and all hooks have run
  public static ExitHook add(int priority, Runnable action) {
    Require.notNull("action", action);
    return new ExitHook(ExitHooks.add("exit hook of " + Start.host(action), priority, action));
  }

  /// Takes the hook back.
  ///
  /// @return whether it will not run: it had neither been taken back, nor begun
  public boolean cancel() {
    return hook.remove();
  }
}

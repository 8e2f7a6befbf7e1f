package io.procession.internal.posix;

import org.jspecify.annotations.Nullable;

/// The names of Linux's signals, the same numbers on x86-64 and arm64.
public final class Signals {
  public static final int SIGTERM = 15;
  public static final int SIGKILL = 9;

  private static final String[] NAMES = {
    "SIGHUP",
    "SIGINT",
    "SIGQUIT",
    "SIGILL",
    "SIGTRAP",
    "SIGABRT",
    "SIGBUS",
    "SIGFPE",
    "SIGKILL",
    "SIGUSR1",
    "SIGSEGV",
    "SIGUSR2",
    "SIGPIPE",
    "SIGALRM",
    "SIGTERM",
    "SIGSTKFLT",
    "SIGCHLD",
    "SIGCONT",
    "SIGSTOP",
    "SIGTSTP",
    "SIGTTIN",
    "SIGTTOU",
    "SIGURG",
    "SIGXCPU",
    "SIGXFSZ",
    "SIGVTALRM",
    "SIGPROF",
    "SIGWINCH",
    "SIGIO",
    "SIGPWR",
    "SIGSYS"
  };

  private static final int LAST = 64;

  private Signals() {}

  /// The name of a signal, null for a number that is none.
  public static @Nullable String name(int signal) {
    if (signal < 1 || signal > LAST) {
      return null;
    }
    return signal <= NAMES.length ? NAMES[signal - 1] : "signal " + signal;
  }
}

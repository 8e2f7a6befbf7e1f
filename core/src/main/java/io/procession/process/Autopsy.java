package io.procession.process;

import io.procession.internal.arena.ParticipantLayout;
import io.procession.internal.arena.ProcessFate;
import io.procession.internal.posix.Signals;
import org.jspecify.annotations.Nullable;

/// Finds out how and why a child ended from what the kernel told its parent, the child noted of itself,
/// and its JVM left.
///
/// The JDK reports a death by signal N as status 128 + N, and HotSpot itself exits with 128 + N
/// after the shutdown hooks that SIGTERM, SIGHUP and SIGINT start. The phase tells them from an
/// exit with that number:
///
/// ```
/// phase              status > 128 means                          another status means
/// none yet, arrived  signal                                      a start-up that failed
/// running            signal, or Runtime.halt with that number    Runtime.halt: no hook ran
/// exiting by signal  signal                                      exit code
/// stopped            signal; with 143 it was asked to stop and did
/// exiting            exit code, unless we sent that very signal; exit code
///                    a foreign SIGKILL in the midst of an
///                    orderly exit cannot be told from exit(137)
/// ```
final class Autopsy {
  private static final int SIGNALLED = 128;
  private static final int UNCAUGHT = 1; // with which `java` exits if main throws
  private static final int NO_HEAP_LEFT =
      3; // with which HotSpot exits by -XX:+ExitOnOutOfMemoryError

  private Autopsy() {}

  static DeathCertificate examine(long pid, String name, Traces traces) {
    ProcessFate ending = ending(traces.status(), traces.phase(), traces.sent());
    boolean isSignal = ending.kind() == ProcessFate.Kind.SIGNALLED;
    String signal = isSignal ? Signals.name(ending.code()) : null;
    int code = isSignal ? -ending.code() : traces.status();
    DeathCause cause = isSignal ? ofSignal(ending.code(), traces) : ofExit(traces);
    String sentence = inOneLine(name) + " (pid " + pid + ") " + how(cause, ending, signal, traces);
    return new DeathCertificate(
        pid, name, code, signal, cause, sentence, traces.crash().text(), traces.lastWords());
  }

  private static String inOneLine(String name) {
    StringBuilder line = new StringBuilder(name);
    for (int i = 0; i < line.length(); i++) {
      if (Character.isISOControl(line.charAt(i))) {
        line.setCharAt(i, ' ');
      }
    }
    return line.toString();
  }

  /// How it ended, in short.
  static ProcessFate ending(int status, int phase, int sent) {
    int number = status - SIGNALLED;
    if (Signals.name(number) == null) {
      return new ProcessFate(ProcessFate.Kind.EXITED, status);
    }
    boolean isDoubtful = phase == ParticipantLayout.PHASE_EXITING && sent != number;
    return isDoubtful
        ? new ProcessFate(ProcessFate.Kind.EXITED_OR_SIGNALLED, status)
        : new ProcessFate(ProcessFate.Kind.SIGNALLED, number);
  }

  private static DeathCause ofSignal(int signal, Traces traces) {
    if (traces.overdue() != null) {
      return DeathCause.START_UP;
    }
    if (!traces.crash().isEmpty()) {
      return ofCrash(traces.crash());
    }
    if (signal == Signals.SIGTERM
        && (traces.phase() == ParticipantLayout.PHASE_STOPPED || traces.sent() == signal)) {
      return DeathCause.STOPPED;
    }
    if (traces.sent() == signal) {
      return DeathCause.KILLED_BY_PARENT;
    }
    return traces.memoryKill() == MemoryKills.Verdict.NONE
        ? DeathCause.SIGNAL
        : DeathCause.OUT_OF_MEMORY;
  }

  private static DeathCause ofExit(Traces traces) {
    if (!traces.crash().isEmpty()) {
      return ofCrash(traces.crash());
    }
    if (traces.status() == UNCAUGHT && traces.failure() != 0) {
      return switch (traces.failure()) {
        case ParticipantLayout.FAILURE_HEAP -> DeathCause.OUT_OF_HEAP;
        case ParticipantLayout.FAILURE_START_UP -> DeathCause.START_UP;
        case ParticipantLayout.FAILURE_INITIALISER ->
            isEarly(traces.phase()) ? DeathCause.START_UP : DeathCause.EXCEPTION;
        default -> DeathCause.EXCEPTION;
      };
    }
    if (traces.status() == NO_HEAP_LEFT && traces.exitsWithoutHeap() && !hasExited(traces)) {
      return DeathCause.OUT_OF_HEAP;
    }
    if (isEarly(traces.phase())) {
      return DeathCause.START_UP;
    }
    if (!hasExited(traces)) {
      return DeathCause.HALT;
    }
    return traces.status() == 0 ? DeathCause.ENDED : DeathCause.EXIT_CODE;
  }

  private static DeathCause ofCrash(CrashReport crash) {
    if (crash.isOfHeap()) {
      return DeathCause.OUT_OF_HEAP;
    }
    return crash.isOfMemory() ? DeathCause.OUT_OF_MEMORY : DeathCause.NATIVE_CRASH;
  }

  private static String how(
      DeathCause cause, ProcessFate ending, @Nullable String signal, Traces traces) {
    if (!traces.crash().isEmpty()) {
      String what = cause == DeathCause.NATIVE_CRASH ? "crashed: " : "could not go on: ";
      return what + traces.crash().summary() + early(traces.phase());
    }
    String by = "was ended by " + signal + early(traces.phase());
    String exited = "exited with code " + traces.status() + early(traces.phase());
    return switch (cause) {
      case ENDED -> "ended";
      case EXCEPTION -> "was ended by an exception of its task" + refused(traces);
      case EXIT_CODE ->
          ending.kind() == ProcessFate.Kind.EXITED
              ? exited
              : exited
                  + " (or was ended by "
                  + Signals.name(ending.code() - SIGNALLED)
                  + " while it was exiting)";
      case HALT -> "halted with code " + traces.status() + ", without its exit hooks";
      case START_UP ->
          traces.overdue() == null
              ? exited + (traces.failure() == 0 ? "" : " before its task began") + refused(traces)
              : by
                  + ", sent by its parent: it had not begun within its limit of "
                  + traces.overdue();
      case STOPPED ->
          traces.phase() == ParticipantLayout.PHASE_STOPPED
              ? "was stopped by its parent"
              : by + ", sent by its parent";
      case KILLED_BY_PARENT, DEADLINE, MEMORY_LIMIT -> by + ", sent by its parent";
      case SIGNAL, NATIVE_CRASH -> by;
      case OUT_OF_HEAP ->
          "had no heap left"
              + (traces.status() == NO_HEAP_LEFT && !hasExited(traces)
                  ? " (or halted with code 3)"
                  : early(traces.phase()));
      case OUT_OF_MEMORY ->
          traces.memoryKill() == MemoryKills.Verdict.OF_THIS_GROUP
              ? by + " from the kernel: no memory was left in its control group"
              : by + ", most likely from the kernel, which has ended a process for want of memory";
    };
  }

  private static String refused(Traces traces) {
    return traces.failure() == ParticipantLayout.FAILURE_INITIALISER
        ? ": a static initialiser that runs again in it starts processes; start them from main or"
            + " another method"
        : "";
  }

  /// Whether the task had not begun.
  static boolean isEarly(int phase) {
    return phase == 0 || phase == ParticipantLayout.PHASE_ARRIVED;
  }

  private static String early(int phase) {
    return isEarly(phase) ? " before its task began" : "";
  }

  /// True if its exit hooks have run, or begun to.
  private static boolean hasExited(Traces traces) {
    return !isEarly(traces.phase()) && traces.phase() != ParticipantLayout.PHASE_RUNNING;
  }
}

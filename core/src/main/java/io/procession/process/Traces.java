package io.procession.process;

import io.procession.internal.arena.ParticipantLayout;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What is known of a child that has ended.
///
/// @param status as [Process#exitValue] tells it
/// @param phase how far it came by its own account
/// @param failure what ended its task, by its own account
/// @param sent the signal that its parent sent while it lived, 0 for none: of several the one that explains the
///     status, or the last
/// @param overdue the limit of its start-up, if it was killed because it had not begun by then
/// @param crash what its JVM has reported
/// @param exitsWithoutHeap whether its JVM exits at the first [OutOfMemoryError]
/// @param memoryKill whether the kernel ended it for want of memory
/// @param lastWords the last lines of its standard error
record Traces(
    int status,
    int phase,
    int failure,
    int sent,
    @Nullable Duration overdue,
    CrashReport crash,
    boolean exitsWithoutHeap,
    MemoryKills.Verdict memoryKill,
    String lastWords) {
  /// Of one of which nothing else can be found out.
  static Traces of(int status, int sent) {
    return new Traces(
        status,
        ParticipantLayout.PHASE_RUNNING,
        0,
        sent,
        null,
        CrashReport.NONE,
        false,
        MemoryKills.Verdict.NONE,
        "");
  }
}

package io.procession.process;

/// Why a process ended, as far as its parent can know.
///
/// Each is told from facts: the status that the kernel gave, what the process noted of itself in the
/// session, the crash report of its JVM, the kernel's counts of processes ended for want of memory.
/// Where two causes leave the same facts, [DeathCertificate#sentence] names both.
public enum DeathCause {
  /// Its task returned, or it called `System.exit(0)`.
  ENDED,

  /// Its task threw an exception or error that nobody caught.
  EXCEPTION,

  /// `System.exit` with another code than 0; with any, if it was a worker in the midst of a task.
  EXIT_CODE,

  /// `Runtime.halt`, or an exit in native code: no exit hook ran. With 128 + N for a code it looks like
  /// [#SIGNAL].
  HALT,

  /// It failed before its task began: a JVM that does not start, a task that cannot be read, or its
  /// start took longer than its limit.
  START_UP,

  /// Its parent asked it to stop: [JvmProcess#stop] or [JvmProcess#terminate].
  STOPPED,

  /// A signal of its parent ended it, such as that of [JvmProcess#kill].
  KILLED_BY_PARENT,

  /// A signal of somebody else ended it.
  SIGNAL,

  /// A pool killed it because its task ran longer than its hard deadline.
  DEADLINE,

  /// A pool killed it because it had more memory than its hard limit.
  MEMORY_LIMIT,

  /// Its heap was full: an [OutOfMemoryError] that nobody caught, or one at which its JVM exits
  /// (`-XX:+ExitOnOutOfMemoryError`).
  OUT_OF_HEAP,

  /// The machine, or the control group (container) it was in, had no memory left: the kernel ended it,
  /// or its JVM could not go on.
  OUT_OF_MEMORY,

  /// Its JVM crashed, mostly in native code: [DeathCertificate#crashReport] has the head of the report.
  NATIVE_CRASH
}

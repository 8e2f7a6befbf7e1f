package io.procession.process;

/// Thrown on the threads of a process that its parent has asked to stop ([JvmProcess#stop]).
///
/// It comes out of whatever method of this library a thread waits in, or comes to wait in, and out
/// of [JvmProcess#checkExit]. Waits throw it once on each thread, so that `finally` blocks can still
/// use everything. An error, since `catch (Exception)` shall not hold it up; who catches it all the
/// same gains the two seconds after which the process ends in any case.
public final class ProcessExit extends Error {
  private static final long serialVersionUID = 1L;

  ProcessExit() {
    super("this process was asked to stop: pid=" + ProcessHandle.current().pid());
  }
}

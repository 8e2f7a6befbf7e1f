package io.procession.process;

import io.procession.internal.posix.ProcessIdentity;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;

/// Ends this process when its parent is gone, from the child's first instruction on.
///
/// The child's standard input is a pipe to which the parent never writes: its end of file is the
/// parent's end, however it came. Should somebody else hold the pipe open, a look at the parent's
/// identity once a second finds out too.
final class ParentWatch {
  private static final long STACK_BYTES = 64 * 1024;
  private static final long LOOK_EVERY_MILLIS = 1000;
  private static final long GRACE_MILLIS = 500;
  private static final int ORPHANED = 1;

  private ParentWatch() {}

  /// Begins to watch.
  static void start(long parent, long parentStart) {
    daemon(new PipeReader(parent, parentStart), "procession-parent");
  }

  /// Passes the end on to this process's children, ends it in order, and by force if that takes
  /// too long.
  private static void parentIsGone() {
    CurrentProcess.abandonChildren();
    Thread exit = daemon(new Exit(), "procession-exit");
    try {
      exit.join(GRACE_MILLIS);
    } catch (InterruptedException e) {
      // by force at once, then
    }
    Runtime.getRuntime().halt(ORPHANED);
  }

  private static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(null, work, name, STACK_BYTES, false);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static final class PipeReader implements Runnable {
    private final long parent;
    private final long parentStart;

    PipeReader(long parent, long parentStart) {
      this.parent = parent;
      this.parentStart = parentStart;
    }

    @Override
    public void run() {
      daemon(new IdentityPoll(parent, parentStart), "procession-parent-poll");
      FileInputStream in = new FileInputStream(FileDescriptor.in);
      try {
        while (in.read() >= 0) {
          // nobody should write: wait for the end
        }
      } catch (IOException e) {
        return; // not readable: the poll has to do
      }
      parentIsGone();
    }
  }

  private static final class IdentityPoll implements Runnable {
    private final long parent;
    private final long parentStart;

    IdentityPoll(long parent, long parentStart) {
      this.parent = parent;
      this.parentStart = parentStart;
    }

    @Override
    public void run() {
      boolean alive = true;
      while (alive) {
        try {
          Thread.sleep(LOOK_EVERY_MILLIS);
        } catch (InterruptedException e) {
          // looks sooner
        }
        alive = new ProcessIdentity(parent, parentStart).isAlive();
      }
      parentIsGone();
    }
  }

  private static final class Exit implements Runnable {
    @Override
    public void run() {
      System.exit(ORPHANED);
    }
  }
}

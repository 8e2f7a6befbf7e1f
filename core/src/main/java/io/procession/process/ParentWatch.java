package io.procession.process;

import io.procession.internal.arena.Membership;
import io.procession.internal.order.Orders;
import io.procession.internal.posix.Platform;
import io.procession.internal.posix.Posix;
import io.procession.internal.posix.ProcessIdentity;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Ends this process when its parent is gone, from the child's first instruction on, and hears what the
/// parent asks meanwhile.
///
/// The child has the end of a pipe from its parent, which writes [Requests] into it, a byte each, and orders for its task.
/// Its end of file is the parent's end, however it came. Should somebody else hold the pipe open, a look at the parent's
/// identity once a second finds out too.
///
/// Nothing that fails on the way to the end, such as for want of memory or of threads, keeps this process
/// alive: what might is done by a thread of its own, and the one that has found out ends all by force.
final class ParentWatch {
  private static final long STACK_BYTES = 64 * 1024;
  private static final long READER_STACK_BYTES = 256 * 1024; // it loads classes for what is asked
  private static final long LOOK_EVERY_NANOS = 1_000_000_000;
  private static final long GRACE_MILLIS = 500;
  private static final int MOST_OF_AN_ORDER = 255;
  private static final long NOTED_NAP_NANOS = 1_000_000;
  private static final int ORPHANED = 1;

  /// Java has no way to a descriptor but by its name.
  private static final String DESCRIPTORS = "/proc/self/fd";

  private static final String DESCRIPTORS_ELSEWHERE = "/dev/fd";
  private static final String IS_PIPE = "pipe:";
  private static final int LEAVE = '.';
  private static final long LEAVE_MILLIS = 20;

  private final long parent;
  private final long parentStart;
  private final Requests requests;
  private final Thread exit =
      daemon(new Exit(), "procession-exit", READER_STACK_BYTES); // made ahead
  private final File given; // where the pipe is at first
  private final @Nullable String pipe; // what the kernel calls it
  private final @Nullable FileInputStream in;
  private @Nullable Thread reader;
  private volatile boolean orphaned;

  /// @param parent the parent's process id
  /// @param parentStart its start time, as [ProcessIdentity] has it
  /// @param descriptor which one is the pipe
  /// @param requests hears what it asks
  ParentWatch(long parent, long parentStart, int descriptor, Requests requests) {
    this.parent = parent;
    this.parentStart = parentStart;
    this.requests = requests;
    this.given = new File(DESCRIPTORS, Integer.toString(descriptor));
    this.pipe = link(given);
    this.in = openPipe(given, pipe);
  }

  /// True if what is between the parent and this JVM has closed the pipe: the end of the parent is noticed, but nothing
  /// that it asks for.
  boolean isDeaf() {
    return in == null;
  }

  /// Begins to watch.
  void start() {
    FileInputStream heard = in;
    Thread reading =
        heard != null
            ? daemon(new PipeReader(heard), "procession-parent", READER_STACK_BYTES)
            : daemon(new IdentityPoll(), "procession-parent-poll", STACK_BYTES);
    reading.start();
    reader = reading;
  }

  /// Who the parent is.
  ProcessIdentity parent() {
    return new ProcessIdentity(parent, parentStart);
  }

  /// True once the parent is known to be gone.
  boolean isOrphaned() {
    return orphaned;
  }

  /// Asks the kernel.
  boolean isParentAlive() {
    return new ProcessIdentity(parent, parentStart).isAlive();
  }

  /// Waits until the parent has noted this process in the arena, which it does right after the
  /// start; ends this process if the parent did not live to do so.
  void awaitNoted(Membership self) throws IOException {
    while (!self.isStarted()) {
      if (!isParentAlive()) {
        Runtime.getRuntime().halt(ORPHANED);
      }
      LockSupport.parkNanos(this, NOTED_NAP_NANOS);
    }
  }

  /// Ends the reading of the pipe, as this process's exit begins: HotSpot would wait 300 ms for a
  /// thread that is inside a read. A pipe can be opened anew through `/proc`, for writing too, so a
  /// byte is written that nobody but this process's own thread reads.
  void leavePipe() {
    File end = in == null ? null : find();
    if (end == null) {
      return;
    }
    try (RandomAccessFile out = new RandomAccessFile(end, "rw")) {
      out.write(LEAVE);
    } catch (IOException e) {
      return; // no Linux, no pipe: the exit takes its time
    }
    Thread reading = reader;
    if (reading != null) {
      try {
        reading.join(LEAVE_MILLIS);
      } catch (InterruptedException e) {
        // it will be out of its read soon enough
      }
    }
  }

  /// Passes the end on to this process's children, ends it in order, and by force if that takes
  /// too long or fails.
  private void parentIsGone() {
    orphaned = true;
    try {
      exit.start();
    } catch (Throwable e) {
      // no thread to be had, or the other one that watches has started it
    }
    try {
      exit.join(GRACE_MILLIS); // returns at once if it does not run
    } catch (Throwable e) {
      // by force at once, then
    } finally {
      endByForce();
    }
  }

  /// Even a halt can take its time, since the JVM finishes what it is about; the kernel does not.
  private static void endByForce() {
    try {
      if (Platform.current() == Platform.NATIVE) {
        Posix.kill(ProcessHandle.current().pid(), Posix.SIGKILL);
      }
    } catch (Throwable e) {
      // the halt will do
    } finally {
      Runtime.getRuntime().halt(ORPHANED);
    }
  }

  private static Thread daemon(Runnable work, String name, long stackBytes) {
    Thread thread = new Thread(null, work, name, stackBytes, false);
    thread.setDaemon(true);
    return thread;
  }

  /// What a descriptor is, null where the kernel does not say so.
  private static @Nullable String link(File descriptor) {
    try {
      return Files.readSymbolicLink(descriptor.toPath()).toString();
    } catch (IOException e) {
      return null;
    }
  }

  /// A descriptor of this process that is the pipe. Others may be something else by now.
  private @Nullable File find() {
    if (pipe == null) {
      return null;
    }
    if (pipe.equals(link(given))) {
      return given; // as nearly always: each child looks when it exits
    }
    File[] descriptors = new File(DESCRIPTORS).listFiles();
    if (descriptors != null) {
      for (File descriptor : descriptors) {
        if (pipe.equals(link(descriptor))) {
          return descriptor;
        }
      }
    }
    return null;
  }

  /// Null if it is no pipe: where something else has closed ours, the JVM's own first file is there.
  private static @Nullable FileInputStream openPipe(File descriptor, @Nullable String link) {
    try {
      if (link == null && !descriptor.exists()) { // not on Linux
        return new FileInputStream(new File(DESCRIPTORS_ELSEWHERE, descriptor.getName()));
      }
      return link != null && link.startsWith(IS_PIPE) ? new FileInputStream(descriptor) : null;
    } catch (IOException e) {
      return null;
    }
  }

  private final class PipeReader implements Runnable {
    private final FileInputStream in; // never closed: who has no memory cannot
    private final byte[] order = new byte[MOST_OF_AN_ORDER];
    private final IdentityPoll poll = new IdentityPoll();

    PipeReader(FileInputStream in) {
      this.in = in;
    }

    @Override
    public void run() {
      boolean isPolled = startPoll();
      try {
        int request = in.read();
        while (request >= 0) {
          if (request == LEAVE) {
            return; // this process is exiting; the poll goes on
          }
          int length = request == Requests.ORDER ? in.read() : 0;
          if (length < 0 || in.readNBytes(order, 0, length) < length) {
            break; // the parent has died in the midst of it
          }
          heed(request, length);
          request = in.read();
        }
      } catch (IOException e) { // not readable: the poll has to do
        if (!isPolled) {
          poll.run();
        }
        return;
      }
      parentIsGone();
    }

    /// Without that thread the pipe alone tells of the parent's end.
    private boolean startPoll() {
      try {
        daemon(poll, "procession-parent-poll", STACK_BYTES).start();
        return true;
      } catch (Throwable e) {
        return false;
      }
    }

    /// Whatever comes of it, the next request is read.
    private void heed(int request, int length) {
      try {
        if (request == Requests.ORDER) {
          Orders.pass(Arrays.copyOf(order, length));
        } else {
          requests.heed(request);
        }
      } catch (Throwable e) {
        // no memory, or no thread for it: the parent sees that it is not done
      }
    }
  }

  private final class IdentityPoll implements Runnable {
    @Override
    public void run() {
      boolean alive = true;
      while (alive) {
        // no sleep, which would load classes that no archive can have
        LockSupport.parkNanos(this, LOOK_EVERY_NANOS);
        var _ = Thread.interrupted(); // a thread that stays interrupted does not park
        try {
          alive = isParentAlive();
        } catch (Throwable e) {
          alive = true; // no memory to look with: there may be some at the next look
        }
      }
      parentIsGone();
    }
  }

  private static final class Exit implements Runnable {
    @Override
    public void run() {
      try {
        CurrentProcess.abandonChildren();
      } catch (Throwable e) {
        // they see it by the end of this process
      } finally {
        System.exit(ORPHANED);
      }
    }
  }
}

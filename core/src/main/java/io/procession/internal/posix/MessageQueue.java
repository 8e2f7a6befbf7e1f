package io.procession.internal.posix;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.ClosedChannelException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A POSIX message queue, which the kernel keeps as long as a process has it open.
///
/// It bears its name for a moment only: whoever wants it, too, opens what a process has open, through
/// `/proc`. So nothing stays when all are killed. Safe for all threads.
public final class MessageQueue {
  /// One more than the highest priority (`MQ_PRIO_MAX`).
  public static final int PRIORITIES = 32_768;

  private static final long O_RDWR = 2; // asm-generic/fcntl.h
  private static final long O_CREAT = 0x40;
  private static final long O_EXCL = 0x80;
  private static final long O_NONBLOCK = 0x800;
  private static final long O_CLOEXEC = 0x80000;
  private static final long OURS_ALONE = 0600;

  /// What the kernel appends to the name of what was unlinked.
  private static final String UNLINKED = " (deleted)";

  private final Descriptor descriptor;
  private final int maxMessages;
  private final int maxMessageBytes;

  /// Native memory for one message, for whoever comes first; others get memory of their own.
  private final AtomicReference<@Nullable MemorySegment> spare = new AtomicReference<>();

  private MessageQueue(int number) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment attributes = attributes(arena, number);
      this.maxMessages = MessageQueueLayout.maxMessages(attributes);
      this.maxMessageBytes = MessageQueueLayout.messageSize(attributes);
    }
    this.descriptor = new Descriptor(number);
  }

  /// Makes a queue.
  ///
  /// @param name one that no other queue of this system has, without a slash
  /// @param maxMessages how many there can be at a time, 0 for the system's default
  /// @param maxMessageBytes the most bytes of one, 0 for the system's default
  /// @throws IOException that names the limit, if the system refuses
  public static MessageQueue create(String name, int maxMessages, int maxMessageBytes)
      throws IOException {
    int messages = maxMessages;
    int size = maxMessageBytes;
    if (messages == 0 && size != 0) {
      messages = MessageQueueLimits.defaultMessages();
    }
    if (size == 0 && messages != 0) {
      size = MessageQueueLimits.defaultMessageSize();
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment cName = arena.allocateFrom(name);
      MemorySegment attributes = arena.allocate(MessageQueueLayout.BYTES, 8);
      MessageQueueLayout.write(attributes, messages, size);
      int number;
      try {
        number =
            (int)
                call(
                    "mq_open(" + name + ")",
                    Syscall.MQ_OPEN,
                    cName.address(),
                    O_CREAT | O_EXCL | O_RDWR | O_NONBLOCK | O_CLOEXEC,
                    OURS_ALONE,
                    messages == 0 ? 0 : attributes.address(),
                    0);
      } catch (ErrnoException e) {
        throw MessageQueueLimits.explain(e, messages, size);
      }
      MessageQueue queue = take(number);
      boolean done = false;
      try {
        long _ = call("mq_unlink(" + name + ")", Syscall.MQ_UNLINK, cName.address(), 0, 0, 0, 0);
        done = true;
        return queue;
      } finally {
        if (!done) {
          queue.close();
        }
      }
    }
  }

  /// Opens a queue that a process has open.
  ///
  /// @param pid the process; one of this user's
  /// @param name the name under which the queue was made
  /// @return null if that process does not have it, or has ended, or lets nobody look
  public static @Nullable MessageQueue open(long pid, String name) throws IOException {
    String link = "/" + name + UNLINKED;
    try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
      for (Path one : all) {
        if (isLinkTo(one, link)) {
          return reopen(one, link);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return null; // it has ended meanwhile, or is another user's
    }
    return null;
  }

  private static boolean isLinkTo(Path one, String link) {
    try {
      return Files.readSymbolicLink(one).toString().equals(link);
    } catch (IOException e) {
      return false; // closed meanwhile
    }
  }

  private static @Nullable MessageQueue reopen(Path one, String link) throws IOException {
    int number = Posix.open(one.toString(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
    // by now that process may have closed it and have something else under that number
    if (!isLinkTo(Path.of("/proc/self/fd/" + number), link)) {
      Posix.close(number);
      return null;
    }
    return take(number);
  }

  private static MessageQueue take(int number) throws ErrnoException {
    boolean done = false;
    try {
      MessageQueue queue = new MessageQueue(number);
      done = true;
      return queue;
    } finally {
      if (!done) {
        Posix.close(number);
      }
    }
  }

  public int maxMessages() {
    return maxMessages;
  }

  public int maxMessageBytes() {
    return maxMessageBytes;
  }

  /// What is to be done so that messages may be longer, for a message to users.
  public static String toAllowSize() {
    return MessageQueueLimits.toAllowSize();
  }

  /// How many messages are there now.
  ///
  /// @throws ClosedChannelException if it is closed here
  public int size() throws IOException {
    int number = descriptor.enter();
    try (Arena arena = Arena.ofConfined()) {
      return MessageQueueLayout.current(attributes(arena, number));
    } finally {
      descriptor.exit();
    }
  }

  /// Appends a message behind those of its priority and of higher ones, if there is room.
  ///
  /// @param length at most [#maxMessageBytes]
  /// @return false if there is none
  /// @throws ClosedChannelException if it is closed here
  public boolean trySend(byte[] bytes, int length, int priority) throws IOException {
    MemorySegment message = buffer();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment.copy(bytes, 0, message, ValueLayout.JAVA_BYTE, 0, length);
      int number = descriptor.enter();
      try {
        MemorySegment errno = arena.allocate(Syscall.ERRNO);
        long result =
            Syscall.call(
                errno, Syscall.MQ_TIMEDSEND, number, message.address(), length, priority, 0, 0);
        return result == 0 || wouldWait("mq_timedsend", errno);
      } finally {
        descriptor.exit();
      }
    } finally {
      spare.setRelease(message);
    }
  }

  /// Takes the first message, if there is one.
  ///
  /// @throws ClosedChannelException if it is closed here
  public byte @Nullable [] tryReceive() throws IOException {
    MemorySegment message = buffer();
    try (Arena arena = Arena.ofConfined()) {
      int number = descriptor.enter();
      try {
        MemorySegment errno = arena.allocate(Syscall.ERRNO);
        long length =
            Syscall.call(
                errno,
                Syscall.MQ_TIMEDRECEIVE,
                number,
                message.address(),
                maxMessageBytes,
                0,
                0,
                0);
        return length >= 0 || wouldWait("mq_timedreceive", errno)
            ? message.asSlice(0, Math.max(length, 0)).toArray(ValueLayout.JAVA_BYTE)
            : null;
      } finally {
        descriptor.exit();
      }
    } finally {
      spare.setRelease(message);
    }
  }

  /// What those wait for who found no message, or no room.
  public Readiness readiness() {
    return descriptor;
  }

  /// Closes it in this process, and wakes those who wait here. Closing again does nothing.
  public void close() {
    boolean _ = descriptor.close();
  }

  private MemorySegment buffer() {
    MemorySegment kept = spare.getAndSet(null);
    return kept != null ? kept : Arena.ofAuto().allocate(Math.max(maxMessageBytes, 1));
  }

  /// @return false, if the call would have had to wait
  private static boolean wouldWait(String call, MemorySegment errno) throws ErrnoException {
    int number = Syscall.errno(errno);
    if (number != Errno.EAGAIN) {
      throw new ErrnoException(call, number);
    }
    return false;
  }

  private static MemorySegment attributes(Arena arena, int number) throws ErrnoException {
    MemorySegment attributes = arena.allocate(MessageQueueLayout.BYTES, 8);
    long _ = call("mq_getsetattr", Syscall.MQ_GETSETATTR, number, 0, attributes.address(), 0, 0);
    return attributes;
  }

  private static long call(String name, long number, long a, long b, long c, long d, long e)
      throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(Syscall.ERRNO);
      long result = Syscall.call(errno, number, a, b, c, d, e, 0);
      if (result == -1) {
        throw new ErrnoException(name, Syscall.errno(errno));
      }
      return result;
    }
  }
}

package io.procession.queue;

import io.procession.internal.arena.Attachment;
import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Directory;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Waiting;
import io.procession.internal.arena.Words;
import io.procession.internal.posix.MessageQueue;
import io.procession.internal.posix.Readiness;
import io.procession.internal.watch.ReadinessSource;
import io.procession.internal.watch.Source;
import io.procession.serial.ByteSink;
import io.procession.serial.Handle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// A message queue of the kernel that is an object of the session, as this process has it open.
///
/// ```
/// 0  token  long  of which the queue's name is made, by which processes know it among their files
/// ```
final class KernelQueue {
  /*
   * The kernel's queue has lost its name before anybody hears of it. Who receives a reference looks
   * through the open files of the session's processes, as the kernel shows them, and opens the queue
   * again from there. Thus nobody has to serve it, and who has it is known without a list that a death
   * could leave wrong.
   */
  private static final long TOKEN_AT = 0;

  private final MessageQueue queue;
  private final Attachment attachment;

  private KernelQueue(MessageQueue queue, Attachment attachment) {
    this.queue = queue;
    this.attachment = attachment;
  }

  /// Makes a queue; a size of 0 is the system's default.
  ///
  /// @throws IOException that names the limit, if the system refuses
  static KernelQueue create(Session session, String name, int maxMessages, int maxMessageBytes)
      throws IOException {
    long token = ThreadLocalRandom.current().nextLong();
    MessageQueue queue = MessageQueue.create(systemName(token), maxMessages, maxMessageBytes);
    boolean done = false;
    try {
      Directory directory = session.directory();
      CellRef ref = directory.ref(directory.allocate(CellKind.POSIX_QUEUE, name));
      Words.setLong(session.memory(), Directory.body(ref.cell()) + TOKEN_AT, token);
      KernelQueue made =
          new KernelQueue(
              queue, Attachment.ofMaker(queue, session, ref, CellKind.POSIX_QUEUE, name));
      done = true;
      return made;
    } finally {
      if (!done) {
        queue.close();
      }
    }
  }

  /// Opens a queue that others of the session have open.
  ///
  /// @throws IOException if nobody has
  /// @throws IllegalStateException if it is of another session or destroyed
  static KernelQueue find(Session session, CellRef ref) throws IOException {
    Directory directory = session.directory();
    directory.check(ref, CellKind.POSIX_QUEUE);
    String name = directory.name(ref.cell());
    long token = Words.getLong(session.memory(), Directory.body(ref.cell()) + TOKEN_AT);
    directory.check(ref, CellKind.POSIX_QUEUE); // so name and token are this queue's
    MessageQueue queue = findOpen(session, systemName(token), name);
    boolean done = false;
    try {
      KernelQueue found =
          new KernelQueue(queue, Attachment.ofHolder(queue, session, ref, CellKind.POSIX_QUEUE));
      done = true;
      return found;
    } finally {
      if (!done) {
        queue.close();
      }
    }
  }

  private static MessageQueue findOpen(Session session, String systemName, String name)
      throws IOException {
    for (long pid : session.participants().pids()) {
      MessageQueue found = MessageQueue.open(pid, systemName);
      if (found != null) {
        return found;
      }
    }
    throw new IOException(
        "no living process of the session has "
            + name
            + " open: who sends a POSIX queue must not close it, nor end, until it has arrived");
  }

  private static String systemName(long token) {
    return "procession-" + Long.toHexString(token);
  }

  CellRef ref() {
    return attachment.ref();
  }

  String name() {
    return attachment.name();
  }

  int maxMessages() {
    return queue.maxMessages();
  }

  int maxMessageBytes() {
    return queue.maxMessageBytes();
  }

  boolean isUsable() {
    return attachment.isUsable();
  }

  /// @throws IllegalStateException if it is closed or destroyed
  void check() {
    attachment.check();
  }

  void markSent() {
    attachment.markSent();
  }

  int size() {
    attachment.check();
    try {
      return queue.size();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /// @throws IllegalArgumentException if a message is larger than there can be
  void checkSize(ByteSink message) {
    if (message.length() > queue.maxMessageBytes()) {
      throw tooLarge(message.length());
    }
  }

  /// Appends the bytes of a sink; its handles leave before, but not while there is no room.
  ///
  /// @return false if there was no room until the deadline
  boolean send(ByteSink message, int priority, long deadline) throws InterruptedException {
    checkSize(message);
    try {
      if (!message.handles().isEmpty()) {
        // what has left is not its maker's alone any more, and would stay if it is refused
        while (queue.size() >= queue.maxMessages()) {
          if (!rest(Readiness.WRITE, deadline)) {
            return false;
          }
        }
        message.handles().forEach(Handle::leave);
      }
      while (!queue.trySend(message.array(), message.length(), priority)) {
        if (!rest(Readiness.WRITE, deadline)) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /// Takes the first message of the highest priority.
  ///
  /// @return null if there was none until the deadline
  byte @Nullable [] receive(long deadline) throws InterruptedException {
    attachment.check();
    try {
      byte[] bytes = queue.tryReceive();
      while (bytes == null && rest(Readiness.READ, deadline)) {
        bytes = queue.tryReceive();
      }
      return bytes;
    } catch (IOException e) {
      throw failure(e);
    }
  }

  void destroy() {
    boolean _ = attachment.destroy();
  }

  void close() {
    attachment.close();
    queue.close();
  }

  /// Is ready when there is a message.
  Source source() {
    return new Messages();
  }

  private final class Messages extends ReadinessSource {
    Messages() {
      super(queue.readiness(), Readiness.READ);
    }

    @Override
    protected boolean isReadyNow() {
      return size() > 0;
    }

    @Override
    public String toString() {
      return name();
    }
  }

  /// Waits a while for the kernel to say that it may be worth to try again.
  ///
  /// @return false if the deadline has passed
  private boolean rest(int events, long deadline) throws IOException, InterruptedException {
    long now = System.nanoTime();
    long left = deadline - now;
    if (left <= 0) {
      return false;
    }
    boolean _ = queue.readiness().await(events, now + Math.min(left, Waiting.SLICE_NANOS));
    attachment.check(); // others may have destroyed it
    return true;
  }

  private IllegalArgumentException tooLarge(int bytes) {
    return new IllegalArgumentException(
        "an element must fit into one message of "
            + name()
            + ": bytes="
            + bytes
            + ", maxMessageBytes="
            + maxMessageBytes()
            + "; open the queue with a greater maxMessageBytes ("
            + MessageQueue.toAllowSize()
            + "), or use another queue");
  }

  /// What to throw when the kernel refuses, or the queue was closed by another thread.
  private RuntimeException failure(IOException e) {
    attachment.check();
    return new UncheckedIOException(name() + " does not work any more: " + e.getMessage(), e);
  }
}

package io.procession.internal.posix;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the system allows a POSIX message queue, and how it says no: its error numbers name no limit.
///
/// Every limit belongs to the IPC namespace of this process (a container has its own); that on bytes to
/// its user. See `mq_overview(7)`.
final class MessageQueueLimits {
  private static final Path FOLDER = Path.of("/proc/sys/fs/mqueue");
  private static final Path OWN_LIMITS = Path.of("/proc/self/limits");
  private static final String BYTES_LIMIT = "Max msgqueue size";
  private static final long UNKNOWN = -1;

  private MessageQueueLimits() {}

  /// The system's own choice for who asks for none.
  static int defaultMessages() throws IOException {
    return (int) require("msg_default");
  }

  /// The system's own choice for who asks for none.
  static int defaultMessageSize() throws IOException {
    return (int) require("msgsize_default");
  }

  /// Why the system refused to make a queue.
  static IOException explain(ErrnoException refusal, long maxMessages, long messageSize) {
    String asked = "maxMessages=" + maxMessages + ", maxMessageBytes=" + messageSize;
    return switch (refusal.errno()) {
      case Errno.EINVAL ->
          new IOException(
              "the system refuses a message queue of this size: "
                  + asked
                  + "; it allows maxMessages up to "
                  + shown("msg_max")
                  + " and maxMessageBytes up to "
                  + shown("msgsize_max")
                  + " (the superuser 65536 and 16777216). Ask for less, or raise the limits: sysctl"
                  + " fs.mqueue.msg_max=N fs.mqueue.msgsize_max=N",
              refusal);
      case Errno.EMFILE ->
          new IOException(
              "all message queues of a user together may take a limited number of bytes: "
                  + asked
                  + ", limit="
                  + bytesLimit()
                  + " bytes (about maxMessages * maxMessageBytes of each). Close queues, ask for less,"
                  + " or raise the limit: ulimit -q N. The same is said of a process that may open no"
                  + " more files: ulimit -n",
              refusal);
      case Errno.ENOSPC ->
          new IOException(
              "the system has no room for another message queue: it allows "
                  + shown("queues_max")
                  + ". Close queues, or raise the limit: sysctl fs.mqueue.queues_max=N",
              refusal);
      case Errno.ENOSYS ->
          new IOException("this system has no POSIX message queues; use another queue", refusal);
      default -> refusal;
    };
  }

  /// What is to be done so that messages may be longer.
  static String toAllowSize() {
    return "maxMessageBytes may be up to "
        + shown("msgsize_max")
        + " here, which sysctl fs.mqueue.msgsize_max=N raises";
  }

  private static String shown(String limit) {
    long value = read(limit);
    return value == UNKNOWN ? "an unknown number" : Long.toString(value);
  }

  private static long require(String limit) throws IOException {
    long value = read(limit);
    if (value == UNKNOWN) {
      throw new IOException(
          "the system does not say its default: file="
              + FOLDER.resolve(limit)
              + "; name maxMessages and maxMessageBytes, both or neither");
    }
    return value;
  }

  private static long read(String limit) {
    // a file here answers one read only, so not Files.readString, whose first read asks for one
    // byte
    try (BufferedReader file = Files.newBufferedReader(FOLDER.resolve(limit))) {
      return Long.parseLong(String.valueOf(file.readLine()).strip());
    } catch (IOException | NumberFormatException e) {
      return UNKNOWN;
    }
  }

  private static String bytesLimit() {
    try {
      for (String line : Files.readAllLines(OWN_LIMITS)) {
        if (line.startsWith(BYTES_LIMIT)) {
          return line.substring(BYTES_LIMIT.length()).strip().split(" ", 2)[0];
        }
      }
    } catch (IOException e) {
      // no /proc
    }
    return "unknown";
  }
}

package io.procession.process;

import io.procession.internal.arena.BlackBox;
import io.procession.internal.arena.Membership;
import io.procession.internal.log.LogState;
import io.procession.internal.relay.LogOutbox;
import io.procession.logging.LogEntry;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Passes the standard error of a child on, and notes its last in the child's black box, as well as the
/// records that it logs. Until something is said, it costs nothing.
///
/// What is written comes under the lock of the print stream over it, which orders it; what is noted, under
/// a lock of its own, by one thread at a time.
final class ErrorTee extends OutputStream implements LogState.Relay {
  private static final int MOST_LINES = 20;

  private final PrintStream next;
  private final Membership self;
  private @Nullable BlackBox box; // guarded by this
  private boolean isLost; // guarded by this

  private ErrorTee(PrintStream next, Membership self) {
    this.next = next;
    this.self = self;
  }

  /// From here on what goes to `System.err` is noted, too.
  static ErrorTee install(Membership self) {
    PrintStream next = System.err;
    ErrorTee tee = new ErrorTee(next, self);
    System.setErr(new PrintStream(tee, true, next.charset()));
    return tee;
  }

  /// Takes a record to the first process; where that cannot be, it is printed here.
  @Override
  public void take(Object entry) {
    LogEntry record = (LogEntry) entry;
    String line = LogOutbox.line(record) + System.lineSeparator();
    if (LogOutbox.send(record)) {
      byte[] bytes = line.getBytes(next.charset());
      note(bytes, 0, bytes.length);
    } else {
      System.err.print(line);
    }
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) {
    next.write(bytes, from, length);
    next.flush();
    note(bytes, from, length);
  }

  private synchronized void note(byte[] bytes, int from, int length) {
    if (isLost || length == 0) {
      return;
    }
    try {
      BlackBox known = box;
      if (known == null) {
        // open until this process ends: the path may not last as long
        known = new BlackBox(new RandomAccessFile(self.arena(), "rw"), self.participant());
        box = known;
      }
      known.write(bytes, from, length);
    } catch (IOException e) {
      isLost = true; // the session is over: nobody will read it
    } catch (OutOfMemoryError e) {
      // what is said is more important, and has been
    }
  }

  @Override
  public void flush() {
    next.flush();
  }

  /// The last lines that are whole of what a child's black box had.
  static String lastLines(byte[] words) {
    String text = new String(words, System.err.charset());
    List<String> lines = text.lines().toList();
    boolean isWhole = words.length < BlackBox.CAPACITY;
    int first = Math.max(isWhole || lines.size() < 2 ? 0 : 1, lines.size() - MOST_LINES);
    return String.join("\n", lines.subList(first, lines.size()));
  }
}

package io.procession.process;

import io.procession.internal.arena.BlackBox;
import io.procession.internal.arena.Membership;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Passes the standard error of a child on, and notes its last in the child's black box. Used under the
/// lock of the print stream over it. Until something is said, it costs nothing.
final class ErrorTee extends OutputStream {
  private static final int MOST_LINES = 20;

  private final PrintStream next;
  private final Membership self;
  private @Nullable BlackBox box;
  private boolean isLost;

  private ErrorTee(PrintStream next, Membership self) {
    this.next = next;
    this.self = self;
  }

  /// From here on what goes to `System.err` is noted, too.
  static void install(Membership self) {
    PrintStream next = System.err;
    System.setErr(new PrintStream(new ErrorTee(next, self), true, next.charset()));
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) {
    next.write(bytes, from, length);
    next.flush();
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

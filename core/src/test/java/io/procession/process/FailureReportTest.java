package io.procession.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.internal.arena.Membership;
import io.procession.internal.posix.ProcessIdentity;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// What is printed of a failure, as whoever reads the standard error gets it.
@Isolated("it has the standard error")
class FailureReportTest {
  private static final int NO_PIPE = 9_999;
  private static final int DEEP = 300;

  @TempDir Path folder;

  private final PrintStream before = System.err;
  private final Pieces pieces = new Pieces();

  @BeforeEach
  void listen() {
    System.setErr(new PrintStream(pieces, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void restore() {
    System.setErr(before);
  }

  @Test
  void isOnePiece() {
    Throwable failure = deep(DEEP);
    FailureReport.print("Process-1", failure);
    assertThat(pieces.all).singleElement().asString().startsWith("Exception in process Process-1");
    assertThat(pieces.all.getFirst().lines())
        .hasSize(2 + failure.getStackTrace().length)
        .contains("java.lang.IllegalStateException: from deep down: ü");
  }

  @Test
  void isOfASessionThatIsThere() throws Exception {
    Path arena = folder.resolve("arena");
    FailureReport report = report(arena);
    report.uncaughtException(Thread.currentThread(), deep(1));
    assertThat(pieces.all).as("of a session that is over").isEmpty();
    Files.write(arena, new byte[1 << 20]);
    report.uncaughtException(Thread.currentThread(), deep(1));
    assertThat(pieces.all).singleElement().asString().contains("from deep down");
  }

  private static FailureReport report(Path arena) {
    ProcessIdentity self = ProcessIdentity.self(); // a parent that lives
    Requests requests = new Requests(Thread.currentThread());
    ParentWatch watch = new ParentWatch(self.pid(), self.startTime(), NO_PIPE, requests);
    return new FailureReport(new Membership(arena.toString(), 1, 1), watch, requests);
  }

  private static Throwable deep(int calls) {
    return calls == 0 ? new IllegalStateException("from deep down: ü") : deep(calls - 1);
  }

  /// Notes what it is given at a time.
  private static final class Pieces extends ByteArrayOutputStream {
    final List<String> all = new ArrayList<>();

    @Override
    public synchronized void write(int b) {
      all.add(Character.toString(b));
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int length) {
      all.add(new String(bytes, from, length, StandardCharsets.UTF_8));
    }
  }
}

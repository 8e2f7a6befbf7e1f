package io.procession.internal.loan;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.procession.internal.arena.Claim;
import io.procession.internal.posix.Descriptor;
import io.procession.internal.posix.ListeningSocket;
import io.procession.internal.posix.NativeListening;
import io.procession.internal.posix.Platform;
import io.procession.internal.posix.SocketName;
import io.procession.internal.posix.Sockets;
import io.procession.testing.Deadlines;
import java.net.InetAddress;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class LoanDeskTest {
  /// The system keeps a socket, and its name, as long as a call with it is under way.
  @Test
  void deskIsOpenedAgainWhileTheLastOneIsStillInUse() throws Exception {
    assumeTrue(Platform.current() == Platform.NATIVE, "descriptors go by native calls only");
    var anywhere = new SocketName.Inet(InetAddress.ofLiteral("127.0.0.1"), 0);
    ListeningSocket lent = Sockets.current().listen(anywhere, 1);
    try {
      Descriptor original = ((NativeListening) lent).descriptor();
      Loan first = Loan.of(original, new byte[0], Abandoned::new, "the first");
      Descriptor desk = ((NativeListening) requireNonNull(LoanDesk.socket())).descriptor();
      desk.enter();
      try {
        end(first);
        end(Loan.of(original, new byte[0], Abandoned::new, "the second"));
      } finally {
        desk.exit();
      }
    } finally {
      lent.close();
    }
  }

  private static void end(Loan loan) {
    assertThat(LoanDesk.socket()).isNotNull();
    loan.end();
    Awaitility.await().atMost(Deadlines.LONG).until(() -> LoanDesk.socket() == null);
  }

  /// A claim that nobody has.
  private static final class Abandoned implements Claim {
    private static final long serialVersionUID = 1L;

    @Override
    public boolean isAbandoned() {
      return true;
    }

    @Override
    public void close() {}

    @Override
    public void end() {}
  }
}

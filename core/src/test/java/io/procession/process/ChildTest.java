package io.procession.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Session;
import io.procession.testing.Deadlines;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// What a parent does at the end of a child.
class ChildTest {
  /// A process that has ended with code 3, and whose burial fails when its input is to be closed: this stands
  /// for whatever may fail there, such as a want of memory.
  private static final class Ended extends EndedProcess {
    Ended() {
      super(3);
    }

    @Override
    public OutputStream getOutputStream() {
      throw new IllegalStateException("expected");
    }
  }

  @Test
  void endIsToldWhateverItsBurialMeets() throws Exception {
    Session session = Session.current();
    int cells = session.directory().inUse();
    CellRef record = session.directory().ref(session.directory().allocate(CellKind.LAUNCH, "lost"));
    CompletableFuture<DeathCertificate> exit = new CompletableFuture<>();
    Child child =
        new Child("lost", true, false, launched(session, record), null, null, exit::complete);

    assertThatThrownBy(child::reap).isInstanceOf(IllegalStateException.class);

    DeathCertificate certificate = exit.get(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS);
    assertThat(certificate.exitCode()).isEqualTo(3);
    assertThat(certificate.sentence()).startsWith("lost (pid 1) ");
    assertThat(child.certificate()).isEqualTo(certificate);
    assertThat(child.awaitEnd(0)).isTrue();
    assertThat(session.directory().inUse()).isLessThanOrEqualTo(cells);
  }

  /// A child of which nothing was laid out that would explain its death.
  private static Launched launched(Session session, CellRef record) throws IOException {
    int row = session.participants().enroll("lost");
    ArgumentFile arguments = ArgumentFile.of(List.of("-Dof.ChildTest=true"), session);
    return new Launched(new Ended(), row, record, arguments, null, null, null);
  }
}

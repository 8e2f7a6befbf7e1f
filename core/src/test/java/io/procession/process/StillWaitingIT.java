package io.procession.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.procession.Procession;
import io.procession.serial.SerializableRunnable;
import io.procession.sync.SharedEvent;
import io.procession.testing.ChildJvm;
import io.procession.testing.Deadlines;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A program whose main thread is ended by an exception, and whose processes are not.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class StillWaitingIT {
  static final class Forgetful {
    static void main(String[] args) {
      SharedEvent never = Procession.event();
      SerializableRunnable task = never::await;
      JvmProcess.of("waiting", task).start();
      JvmProcess daemon = JvmProcess.of("daemon", task);
      daemon.setDaemon(true);
      daemon.start();
      throw new IllegalStateException("of main");
    }
  }

  @Test
  void itSaysForWhomItWaitsAndWhatToDo() {
    try (ChildJvm program =
        ChildJvm.main(Forgetful.class).flags("-Dprocession.still.waiting.millis=200").start()) {
      await().atMost(Deadlines.LONG).until(() -> program.err().contains("setDaemon(true)"));
      assertThat(program.err())
          .contains("Exception in thread \"main\" java.lang.IllegalStateException: of main")
          .containsPattern("this JVM still waits for its processes: waiting \\(pid [0-9]+\\);");
      assertThat(program.isAlive()).isTrue();
    }
  }
}

package io.procession.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.Procession;
import io.procession.testing.ChildJvm;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// A class may use a queue while it is initialised: no thread of the library needs that class's lock.
class InitialiserIT {
  private static final class Early {
    static final String TAKEN;

    static {
      try (var queue = Procession.<String>queue();
          var buffered = Procession.<String>bufferedQueue()) {
        queue.put("knock");
        buffered.put("knock");
        TAKEN = queue.poll(30, TimeUnit.SECONDS) + " " + buffered.poll(30, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        throw new ExceptionInInitializerError(e);
      }
    }
  }

  @Test
  void queuesWorkInAnInitialiser() {
    try (ChildJvm program =
        ChildJvm.body(() -> assertThat(Early.TAKEN).isEqualTo("knock knock")).start()) {
      program.succeed();
    }
  }
}

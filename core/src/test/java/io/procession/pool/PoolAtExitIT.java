package io.procession.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.Procession;
import io.procession.process.JvmProcess;
import io.procession.sync.SharedEvent;
import io.procession.testing.ChildJvm;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A program that ends with tasks under way has nothing to say of it: workers that it ends have not died.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class PoolAtExitIT {

  /// Ends by the way that its first argument names, with a manager if the second says so.
  static final class Program {
    static void main(String[] args) throws Exception {
      if (Boolean.parseBoolean(args[1])) {
        var queue = Procession.manager().<String>queue();
        SharedEvent waits = Procession.event();
        JvmProcess taker =
            Procession.start(() -> {
              waits.set();
              queue.take();
            });
        waits.await();
        assertThat(taker.isAlive()).isTrue();
      }
      ProcessPool pool = Procession.pool(2);
      SharedEvent begun = Procession.event();
      AsyncResult<?> result =
          pool.applyAsync(() -> {
            begun.set();
            Thread.sleep(3_600_000);
          });
      var _ = result.onFailure(e -> System.out.println("callback " + e));
      begun.await();
      Thread.ofPlatform().daemon().start(result::join);
      Thread.ofVirtual().start(() -> System.out.println("joined " + result.join()));
      System.out.println("ready");
      switch (args[0]) {
        case "exit" -> System.exit(0);
        case "return" -> {}
        default -> result.join();
      }
    }
  }

  @ParameterizedTest(name = "{0}, with a manager: {1}")
  @CsvSource({"exit, false", "exit, true", "return, false", "signal, false", "signal, true"})
  void nobodyIsTold(String way, boolean managed) {
    try (ChildJvm program = ChildJvm.main(Program.class, way, Boolean.toString(managed)).start()) {
      program.awaitLine("ready");
      if (way.equals("signal")) {
        program.handle().destroy();
      }
      assertThat(program.join()).isEqualTo(way.equals("signal") ? 143 : 0);
      assertThat(program.err()).isEmpty();
      assertThat(program.out().lines()).containsExactly("ready");
    }
  }
}

package io.procession;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.context.Context;
import io.procession.process.JvmProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The front door as a newcomer uses it: every factory, with real processes.
@Timeout(60)
class ProcessionIT {

  @Test
  void theFirstProgramWorks() {
    try (var pool = Procession.pool(4)) {
      assertThat(pool.map(x -> x * x, List.of(1, 2, 3))).containsExactly(1, 4, 9);
    }
  }

  @Test
  void aQueueLeadsFromOneProcessToAnother() throws Exception {
    try (var queue = Procession.<String>queue(2)) {
      var process = Procession.start(() -> queue.put("hello"));
      assertThat(queue.poll(30, TimeUnit.SECONDS)).isEqualTo("hello");
      process.join();
      assertThat(process.exitCode()).hasValue(0);
      queue.destroy();
    }
  }

  @Test
  void aPipeHasTwoEnds() throws Exception {
    try (var pipe = Procession.pipe()) {
      var far = pipe.second();
      var process = Procession.start("echo", () -> far.send(far.recv()));
      pipe.first().send(List.of(1, 2));
      assertThat(pipe.first().recv()).isEqualTo(List.of(1, 2));
      process.join();
    }
  }

  @Test
  void aLockIsOneForAllProcesses() throws Exception {
    var lock = Procession.lock();
    var queue = Procession.<Integer>queue();
    queue.put(0);
    var processes = new ArrayList<JvmProcess>();
    for (int i = 0; i < 3; i++) {
      processes.add(
          Procession.start(() -> {
            for (int n = 0; n < 1000; n++) {
              lock.lock();
              try {
                queue.put(queue.take() + 1);
              } finally {
                lock.unlock();
              }
            }
          }));
    }
    for (var process : processes) {
      process.join();
      assertThat(process.exitCode()).hasValue(0);
    }
    assertThat(queue.take()).isEqualTo(3000);
    queue.destroy();
    lock.destroy();
  }

  @Test
  void aContextDoesWhatTheFrontDoorDoes() throws Exception {
    Context context = Context.spawn();
    var process = context.process(() -> System.exit(7));
    process.start();
    process.join();
    assertThat(process.exitCode()).hasValue(7);
    assertThat(context.currentProcess().name()).isEqualTo("main");
    assertThat(context).hasToString("Context[spawn]");
    assertThat(context.activeChildren()).doesNotContain(process);
  }
}

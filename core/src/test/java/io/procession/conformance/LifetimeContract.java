package io.procession.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.context.Context;
import io.procession.process.JvmProcess;
import io.procession.serial.SerializableCallable;
import io.procession.sync.Event;
import io.procession.testing.Deadlines;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// A process that ends joins its children, and ends those that are daemons.
abstract class LifetimeContract extends Contract {
  @Test
  void childrenAreJoinedAtTheEnd() throws Exception {
    Event goOn = way().event();
    BlockingQueue<String> queue = way().queue();
    SerializableCallable<Context> there = way().there();
    JvmProcess parent =
        way()
            .context()
            .start(
                "parent",
                () -> {
                  var _ =
                      there
                          .call()
                          .start(
                              "child",
                              () -> {
                                queue.put("begun");
                                goOn.await();
                                queue.put("done");
                              });
                });
    assertThat(queue.poll(LONG.toMillis(), TimeUnit.MILLISECONDS)).isEqualTo("begun");
    assertThat(parent.join(Deadlines.SHORT)).isFalse();
    goOn.set();
    assertThat(parent.join(LONG)).isTrue();
    assertThat(queue.poll()).isEqualTo("done");
    parent.close();
  }

  @Test
  void daemonsAreEndedAtTheEnd() throws Exception {
    Event never = way().event();
    BlockingQueue<String> queue = way().queue();
    SerializableCallable<Context> there = way().there();
    JvmProcess parent =
        way()
            .context()
            .start(
                "parent",
                () -> {
                  JvmProcess daemon =
                      there
                          .call()
                          .process(() -> {
                            queue.put("begun");
                            never.await();
                            queue.put("woken");
                          });
                  daemon.setDaemon(true);
                  daemon.start();
                  assertThat(queue.take()).isEqualTo("begun");
                });
    assertThat(parent.join(LONG)).isTrue();
    assertThat(parent.exitCode()).hasValue(0);
    never.set();
    assertThat(queue.poll(Deadlines.SHORT.toMillis(), TimeUnit.MILLISECONDS)).isNull();
    parent.close();
  }
}

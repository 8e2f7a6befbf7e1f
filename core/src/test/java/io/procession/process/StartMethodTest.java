package io.procession.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.Procession;
import io.procession.context.Context;
import io.procession.testing.Body;
import io.procession.testing.ChildJvm;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The default start method belongs to the whole JVM, so each of its stories is told by one of its own.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class StartMethodTest {
  @Test
  void methodsHaveNames() {
    assertThat(Procession.startMethods()).containsExactly("spawn", "forkserver", "dummy");
    assertThat(Procession.context("forkserver")).isSameAs(Context.forkserver());
    assertThat(Context.spawn().startMethod()).isEqualTo("spawn");
    assertThatThrownBy(() -> Procession.context("thread"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "there is no such start method: name=thread, known=[spawn, forkserver, dummy]; take"
                + " one of those");
    assertThatThrownBy(() -> Procession.context("fork")).hasMessageContaining("cannot fork");
  }

  @Test
  void isChosenOnceAndBeforeTheFirstProcess() {
    inAJvm(() -> {
      Procession.setStartMethod("forkserver");
      assertThatThrownBy(() -> Procession.setStartMethod("spawn"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("method=forkserver, asked for=spawn");
      assertThat(Procession.startMethod()).isEqualTo("forkserver");
      Procession.setStartMethod("spawn", true);
      assertThat(Procession.startMethod()).isEqualTo("spawn");
    });
    inAJvm(() -> {
      var _ = Procession.process(() -> {});
      assertThatThrownBy(() -> Procession.setStartMethod("forkserver"))
          .isInstanceOf(IllegalStateException.class);
    });
  }

  @Test
  void childrenHaveTheirParents() {
    inAJvm(() -> {
      Procession.setStartMethod("forkserver");
      JvmProcess child =
          Procession.start(
              () -> System.exit(Procession.startMethod().equals("forkserver") ? 0 : 1));
      child.join();
      assertThat(child.exitCode()).hasValue(0);
    });
  }

  @Test
  void propertyChoosesTheDefault() {
    try (ChildJvm jvm =
        ChildJvm.body(() -> assertThat(Procession.startMethod()).isEqualTo("forkserver"))
            .flags("-Dprocession.context=forkserver")
            .start()) {
      jvm.succeed();
    }
    try (ChildJvm jvm =
        ChildJvm.body(() ->
                assertThatThrownBy(() -> Procession.start(() -> {}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("name=thread"))
            .flags("-Dprocession.context=thread")
            .start()) {
      jvm.succeed();
    }
  }

  /// A class of its own is a process as the property says, and so is what makes others.
  private static final class Own extends JvmProcess {
    private static final long serialVersionUID = 1L;

    @Override
    protected void run() {
      SEEN.add(ProcessHandle.current().pid());
    }
  }

  private static final List<Long> SEEN =
      new CopyOnWriteArrayList<>(); // this JVM's threads share it

  @Test
  void propertyMakesThreadsOfAllThatStartsProcesses() {
    try (ChildJvm jvm =
        ChildJvm.body(
                () -> {
                  long here = ProcessHandle.current().pid();
                  assertThat(Procession.startMethod()).isEqualTo("dummy");
                  for (JvmProcess process :
                      List.of(
                          new Own(),
                          Procession.process(() -> SEEN.add(ProcessHandle.current().pid())),
                          JvmProcess.of(() -> SEEN.add(ProcessHandle.current().pid())))) {
                    process.start();
                    process.join();
                    assertThat(process.exitCode()).hasValue(0);
                  }
                  assertThat(SEEN).containsExactly(here, here, here);
                  try (var pool = Procession.pool(1);
                      var manager = Procession.manager()) {
                    assertThat(pool.apply(() -> ProcessHandle.current().pid())).isEqualTo(here);
                    assertThat(manager.map(Map.of("a", 1))).containsEntry("a", 1);
                    assertThat(Procession.activeChildren())
                        .hasSize(2)
                        .allMatch(child -> child.pid() == here);
                  }
                })
            .flags("-Dprocession.context=dummy")
            .start()) {
      jvm.succeed();
    }
  }

  private static void inAJvm(Body body) {
    try (ChildJvm jvm = ChildJvm.body(body).start()) {
      jvm.succeed();
    }
  }
}

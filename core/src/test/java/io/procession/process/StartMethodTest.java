package io.procession.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.Procession;
import io.procession.context.Context;
import io.procession.testing.Body;
import io.procession.testing.ChildJvm;
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
        .hasMessage("there is no such start method: name=thread, known=[spawn, forkserver, dummy]");
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

  private static void inAJvm(Body body) {
    try (ChildJvm jvm = ChildJvm.body(body).start()) {
      jvm.succeed();
    }
  }
}

package io.procession.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.Procession;
import io.procession.serial.SerializableRunnable;
import io.procession.testing.ChildJvm;
import java.io.Serializable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is said when a child fails.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class FailureIT {
  @ParameterizedTest
  @ValueSource(strings = {"spawn", "dummy"})
  void exceptionIsPrintedWithTheNameOfItsProcess(String method) {
    try (ChildJvm parent =
        ChildJvm.body(() ->
                failed(
                    Procession.context(method)
                        .process(() -> {
                          throw new IllegalStateException("boom");
                        })))
            .start()) {
      parent.succeed();
      assertThat(parent.err())
          .containsPattern("Exception in process Process-1 \\(pid \\d+\\)\n")
          .contains("java.lang.IllegalStateException: boom\n\tat ")
          .contains(FailureIT.class.getName());
    }
  }

  @Test
  void taskThatCannotBeReadIsPrintedToo() {
    try (ChildJvm parent =
        ChildJvm.body(() -> failed(JvmProcess.of("unread", new RefusesToBeRead()))).start()) {
      parent.succeed();
      assertThat(parent.err()).contains("Exception in process unread").contains("not here");
    }
  }

  @Test
  void staticInitialiserThatStartsProcessesIsNoForkBomb() {
    try (ChildJvm parent = ChildJvm.body(() -> failed(Bomb.LIT)).start()) {
      parent.succeed();
      assertThat(parent.err())
          .contains("a process must not be started while its parent is itself still starting")
          .contains("process=Process-1:1, parent=Process-1");
    }
  }

  @Test
  void threadsOfATaskAreWaitedForAlsoWhenItThrows() throws Exception {
    JvmProcess process =
        JvmProcess.of(() -> {
          Thread main = Thread.currentThread();
          Thread other = new Thread(() -> haltAfter(main));
          other.start();
          throw new IllegalStateException("expected in the output of this test");
        });
    process.start();
    process.join();
    assertThat(process.exitCode()).hasValue(9);
  }

  @Test
  void jvmThatDoesNotStartIsToldByItsCertificate() throws Exception {
    try (ChildJvm parent =
        ChildJvm.body(
                () -> {
                  JvmProcess process =
                      JvmProcess.of(
                          LaunchOptions.defaults().withJvmFlags("-XX:NoSuchFlag=1"), () -> {});
                  process.start();
                  process.join();
                  System.out.println(process.certificate().orElseThrow().sentence());
                })
            .start()) {
      parent.succeed();
      assertThat(parent.out()).contains("exited with code 1 before its task began");
      assertThat(parent.err()).contains("NoSuchFlag");
    }
  }

  private static void haltAfter(Thread main) {
    try {
      main.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    Runtime.getRuntime().halt(9);
  }

  private static void failed(JvmProcess process) throws Exception {
    if (!process.isAlive()) {
      process.start();
    }
    process.join();
    assertThat(process.exitCode()).hasValue(1);
  }

  private static final class RefusesToBeRead implements SerializableRunnable {
    private static final long serialVersionUID = 1L;

    private final Serializable refusing = new Refusing();

    @Override
    public void run() {
      throw new AssertionError(refusing);
    }

    private static final class Refusing implements Serializable {
      private static final long serialVersionUID = 1L;

      private Object readResolve() {
        throw new IllegalStateException("not here");
      }
    }
  }

  /// Its initialiser runs in the parent and again in the child that it starts.
  private static final class Bomb {
    static final JvmProcess LIT = light();

    private static JvmProcess light() {
      JvmProcess process = JvmProcess.of(() -> {});
      process.start();
      return process;
    }
  }
}

package io.procession.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class ChildJvmTest {
  @Test
  void runsABodyWithWhatItCapturesAndTheFlagsGiven() {
    long parent = ProcessHandle.current().pid();
    Body body =
        () -> {
          long mine = ProcessHandle.current().parent().orElseThrow().pid();
          System.out.println(System.getProperty("greeting") + " " + (mine == parent));
        };
    try (ChildJvm child = ChildJvm.body(body).flags("-Dgreeting=hello").start()) {
      child.succeed();
      assertThat(child.out()).isEqualTo("hello true\n");
    }
  }

  @Test
  void failsTheTestWithTheStackOfTheChild() {
    Body body =
        () -> {
          System.out.println("about to fail");
          throw new IllegalStateException("broken in the child");
        };
    try (ChildJvm child = ChildJvm.body(body).start()) {
      assertThatThrownBy(child::succeed)
          .isInstanceOf(AssertionError.class)
          .hasMessageContainingAll(
              "exit code 1", "about to fail", "broken in the child", "at " + getClass().getName());
    }
  }

  @Test
  void talksToTheTestLineByLine() {
    Body body =
        () -> {
          System.out.println("ready");
          System.out.println("got " + IO.readln());
        };
    try (ChildJvm child = ChildJvm.body(body).start()) {
      assertThat(child.awaitLine("ready")).isEmpty();
      child.send("a line");
      assertThat(child.awaitLine("got ")).isEqualTo("a line");
      child.succeed();
      assertThatThrownBy(() -> child.awaitLine("never")).hasMessageContaining("ended without");
    }
  }

  @Test
  void showsTheStacksOfAChildThatHangs() {
    try (ChildJvm child = ChildJvm.main(Hangs.class).start()) {
      child.awaitLine("hanging");
      assertThatThrownBy(() -> child.join(Duration.ofMillis(1)))
          .hasMessageContaining("still ran after")
          .hasMessageContaining("Hangs.hangHere");
      assertThat(child.isAlive()).isFalse();
      assertThat(Path.of("/tmp", ".java_pid" + child.pid())).doesNotExist();
    }
  }

  @Test
  void tellsASignalByTheExitCode() {
    try (ChildJvm child = ChildJvm.main(Hangs.class).start()) {
      child.kill();
      assertThat(child.join()).isEqualTo(128 + 9);
    }
  }

  static final class Hangs {
    private Hangs() {}

    static void main(String[] args) {
      System.out.println("hanging");
      hangHere();
    }

    static void hangHere() {
      while (true) {
        LockSupport.park();
      }
    }
  }
}

package io.procession.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.Procession;
import io.procession.pool.ProcessPool;
import io.procession.serial.Task;
import io.procession.testing.ChildJvm;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Programs that would start processes without end: each ends by itself, with the explanation.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ForkBombIT {
  private static final String WHILE_STARTING =
      "a process must not be started while its parent is itself still starting";
  private static final String AGAIN =
      "a static initialiser must not start processes in a process that it has led to";

  /// As in Python's guidelines, which need a guard for it: main starts a process, and no more.
  static final class MainAlone {
    static void main(String[] args) throws InterruptedException {
      System.out.println("main runs");
      Procession.start(() -> System.out.println("task runs")).join();
    }
  }

  @Test
  void mainNeedsNoGuard() throws Exception {
    try (ChildJvm program = ChildJvm.main(MainAlone.class).start()) {
      program.succeed();
      assertThat(program.out()).isEqualTo("main runs\ntask runs\n");
      assertThat(Descendants.of(program.pid())).isEmpty();
    }
  }

  /// The task's own class starts the process: its initialiser runs when the task is read.
  static final class InInitialiser {
    static final JvmProcess CHILD = Procession.start(() -> System.out.println("never"));

    static void main(String[] args) throws InterruptedException {
      CHILD.join();
      System.exit(CHILD.exitCode().orElseThrow());
    }
  }

  @Test
  void initialiserOfTheTasksClass() throws Exception {
    ends(InInitialiser.class, WHILE_STARTING);
  }

  /// The task runs and then comes to use a class whose initialiser starts the next process.
  static final class Later {
    static final JvmProcess CHILD = Procession.start(Touching.task());

    static final class Touching {
      static Task task() {
        return () -> CHILD.join();
      }
    }

    static void main(String[] args) throws InterruptedException {
      CHILD.join();
      System.exit(CHILD.exitCode().orElseThrow());
    }
  }

  @Test
  void initialiserThatRunsInTheTask() throws Exception {
    ends(Later.class, AGAIN);
  }

  /// Workers read tasks when they are up.
  static final class InPool {
    static final List<Integer> SQUARES = squares();

    static List<Integer> squares() {
      try (ProcessPool pool = Procession.pool(2)) {
        return pool.map(x -> x * x, List.of(1, 2, 3));
      }
    }

    static void main(String[] args) {
      System.out.println(SQUARES);
    }
  }

  @Test
  void poolInAnInitialiser() throws Exception {
    ends(InPool.class, AGAIN);
  }

  private static void ends(Class<?> main, String explanation) throws Exception {
    try (ChildJvm program = ChildJvm.main(main).start()) {
      assertThat(program.join()).isEqualTo(1);
      assertThat(program.err()).contains(explanation).contains("from main or another method");
      assertThat(program.out()).doesNotContain("never");
      assertThat(Descendants.of(program.pid())).isEmpty();
    }
  }
}

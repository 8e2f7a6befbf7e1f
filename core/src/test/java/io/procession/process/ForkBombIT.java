package io.procession.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.Procession;
import io.procession.manager.SyncManager;
import io.procession.pool.ProcessPool;
import io.procession.serial.SerializableRunnable;
import io.procession.testing.ChildJvm;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Programs that would start processes without end: each ends by itself, with the explanation.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ForkBombIT {
  private static final String WHILE_STARTING =
      "a process must not be started while its parent is itself still starting";
  private static final String AGAIN =
      "a static initialiser must not start processes in a process that it has led to";

  private static final String IN_CHILD = "Exception in process Process-1 \\(pid \\d+\\): ";
  private static final String IN_MAIN =
      "Exception in thread \"main\" java.lang.ExceptionInInitializerError\n";

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
      System.out.println(CHILD.certificate().orElseThrow().sentence());
      System.exit(CHILD.exitCode().orElseThrow());
    }
  }

  @Test
  void initialiserOfTheTasksClass() throws Exception {
    ends(InInitialiser.class, WHILE_STARTING, IN_CHILD);
  }

  /// The task runs and then comes to use a class whose initialiser starts the next process.
  static final class Later {
    static final JvmProcess CHILD = Procession.start(Touching.task());

    static final class Touching {
      static SerializableRunnable task() {
        return () -> CHILD.join();
      }
    }

    static void main(String[] args) throws InterruptedException {
      CHILD.join();
      System.out.println(CHILD.certificate().orElseThrow().sentence());
      System.exit(CHILD.exitCode().orElseThrow());
    }
  }

  @Test
  void initialiserThatRunsInTheTask() throws Exception {
    ends(Later.class, AGAIN, IN_CHILD);
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
    ends(InPool.class, AGAIN, IN_MAIN + "Caused by: .*TaskException: task failed in .*");
  }

  /// The server of a manager comes to use the class when it runs a function of its.
  static final class InManager {
    static final SyncManager MANAGER = Procession.manager();
    static final Map<String, Integer> SQUARES = MANAGER.map();
    static final Integer FIRST =
        SQUARES.computeIfAbsent("2", (Function<String, Integer> & Serializable) x -> 4);

    static void main(String[] args) {
      System.out.println(FIRST);
    }
  }

  @Test
  void managerInAnInitialiser() throws Exception {
    ends(InManager.class, AGAIN, IN_MAIN + "Caused by: .*RemoteCallException: .*");
  }

  /// A manager needs no guard either.
  static final class ManagerInMain {
    static void main(String[] args) {
      try (SyncManager manager = Procession.manager()) {
        Map<String, Integer> squares = manager.map();
        squares.put("2", 4);
        System.out.println(squares.get("2"));
      }
    }
  }

  @Test
  void managerInMainNeedsNoGuard() throws Exception {
    try (ChildJvm program = ChildJvm.main(ManagerInMain.class).start()) {
      program.succeed();
      assertThat(program.out()).isEqualTo("4\n");
      assertThat(Descendants.of(program.pid())).isEmpty();
    }
  }

  /// @param before what may be read before the explanation
  private static void ends(Class<?> main, String explanation, String before) throws Exception {
    try (ChildJvm program = ChildJvm.main(main).start()) {
      assertThat(program.join()).isEqualTo(1);
      assertThat(program.err())
          .matches("(?s)" + before + explanation + "[^\n]* from main or another method\n.*");
      assertThat(program.out()).doesNotContain("never");
      if (before.equals(IN_CHILD)) {
        assertThat(program.err().split(explanation, -1)).as("its text once").hasSize(2);
        assertThat(program.err()).contains(main.getName() + ".<clinit>(ForkBombIT.java:");
        assertThat(program.out())
            .contains(
                "a static initialiser that runs again in it starts processes; start them from"
                    + " main");
      }
      assertThat(Descendants.of(program.pid())).isEmpty();
    }
  }
}

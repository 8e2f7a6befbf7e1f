package io.procession.examples.managers;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.examples.Program;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the programs print.
@Timeout(240)
class ManagersIT {
  private static String output(String program) throws Exception {
    Program run = Program.run("io.procession.examples.managers." + program);
    assertThat(run.status()).as(run.output()).isZero();
    return run.output();
  }

  @Test
  void typesOfOnesOwnAreServed() throws Exception {
    assertThat(output("OwnTypes"))
        .isEqualToNormalizingNewlines(
            """
            1 3 3
            reset is hidden
            0 1 4
            21 42
            / by zero
            """);
  }

  @Test
  void poolDoesAllThatItCan() throws Exception {
    assertThat(output("Pools"))
        .isEqualToNormalizingNewlines(
            """
            apply: 42
            applyAsync: 8 9 10 11 12 13 14 15 16 17
            map: [0, 1, 4, 9, 16, 25, 36, 49, 64, 81]
            imap: 100 101 102 103 104 105 106 107 108 109
            imapUnordered: a sum of 90
            failed: java.lang.ArithmeticException: / by zero
            not yet, so cancelled: true
            closed
            """);
  }

  @Test
  void workersDoWhatIsInTheQueue() throws Exception {
    assertThat(output("Workers").lines())
        .containsExactlyInAnyOrder(
            "1 * 7 = 7",
            "2 * 7 = 14",
            "3 * 7 = 21",
            "4 * 7 = 28",
            "5 * 7 = 35",
            "1 + 8 = 9",
            "2 + 8 = 10",
            "3 + 8 = 11",
            "4 + 8 = 12",
            "5 + 8 = 13",
            "worker-0 ended with 0",
            "worker-1 ended with 0",
            "worker-2 ended with 0",
            "worker-3 ended with 0");
  }

  @Test
  void synchronisationIsTheSameForProcessesAndThreadsInSharedMemoryAndAtAServer() throws Exception {
    String each =
        """
          lock: 40
          reentrant lock: 20
          condition: 2 wait
          semaphore: never more than 2: true
          event: 2 went on, none early: true
          queue: 2470
        """;
    assertThat(output("Synchronisation"))
        .isEqualToNormalizingNewlines(
            "processes, shared memory\n"
                + each
                + "processes, manager\n"
                + each
                + "threads, shared memory\n"
                + each
                + "threads, manager\n"
                + each);
  }
}

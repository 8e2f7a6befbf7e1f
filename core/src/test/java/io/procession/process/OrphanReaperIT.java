package io.procession.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.procession.internal.posix.Platform;
import io.procession.internal.posix.Zombies;
import io.procession.testing.ChildJvm;
import io.procession.testing.Deadlines;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// As process 1 of a container.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class OrphanReaperIT {
  @Test
  void orphansOfTheTreeAreReapedAndOwnChildrenLeftAlone() throws Exception {
    assumeThat(Platform.current()).as("zombies are reaped by a call").isEqualTo(Platform.NATIVE);
    assumeThat(canUnshare()).as("this user may make a pid namespace (unshare)").isTrue();
    try (ChildJvm first =
        ChildJvm.body(OrphanReaperIT::beFirst)
            .through("unshare", "--fork", "--pid", "--mount-proc", "--kill-child")
            .start()) {
      assertThat(first.awaitLine("pid ")).isEqualTo("1");
      first.succeed();
      assertThat(first.out()).contains("zombies came", "zombies went", "own child: 7");
    }
  }

  private static void beFirst() throws Exception {
    System.out.println("pid " + ProcessHandle.current().pid());
    JvmProcess middle =
        JvmProcess.of(() -> {
          JvmProcess.of(() -> TimeUnit.HOURS.sleep(1)).start(); // ends when its parent is gone
          new ProcessBuilder("sh", "-c", "sleep 0.1 & sleep 0.1 &").start().waitFor();
          TimeUnit.HOURS.sleep(1);
        });
    middle.start();
    await().atMost(Deadlines.LONG).until(() -> !Zombies.now().isEmpty());
    System.out.println("zombies came");
    middle.kill();
    middle.join();
    await()
        .atMost(Deadlines.LONG)
        .until(() -> Zombies.now().isEmpty() && ProcessHandle.current().children().count() == 0);
    System.out.println("zombies went");
    System.out.println("own child: " + new ProcessBuilder("sh", "-c", "exit 7").start().waitFor());
  }

  private static boolean canUnshare() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("unshare", "--fork", "--pid", "--mount-proc", "true")
            .redirectErrorStream(true)
            .start();
    return process.waitFor() == 0;
  }
}

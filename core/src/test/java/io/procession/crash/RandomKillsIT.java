package io.procession.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.procession.crash.Victim.Role;
import io.procession.process.JvmProcess;
import io.procession.queue.SharedQueue;
import io.procession.testing.Deadlines;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Writers and readers of one queue are killed in the midst of traffic, at moments that chance
/// chooses: `-Dprocession.test.kills=N` of them. The seed is in the output; `-Dprocession.test.seed=N`
/// repeats its choices, though not the moments.
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class RandomKillsIT {
  private static final int KILLS = Integer.getInteger("procession.test.kills", 24);
  private static final int AT_A_TIME = 4;
  private static final Duration LOOK = Duration.ofMillis(2);
  private static final long SEED =
      Long.getLong("procession.test.seed", new Random().nextLong() >>> 1);

  private final Base base = Base.now();
  @TempDir Path folder;

  @Test
  void nothingIsTornOrLostAndTheOthersGoOn() throws Exception {
    System.out.println("RandomKillsIT: seed " + SEED + ", kills " + KILLS);
    Random random = new Random(SEED);
    SharedQueue<String> queue = SharedQueue.create();
    Ledger ledger = new Ledger(folder.resolve("ledger"), 1 + KILLS, 1 << 16);
    int held = 0;
    Deque<JvmProcess> victims = new ArrayDeque<>();
    try (Survivors survivors = new Survivors(queue, ledger, 0)) {
      survivors.startWriter();
      survivors.startReader();
      for (int kill = 0; kill < KILLS; kill++) {
        Role role =
            switch (random.nextInt(5)) {
              case 0 -> Role.TAKES;
              case 1 -> Role.DRAINS;
              default -> Role.PUTS_IN_MEASURE;
            };
        held += role.mostHeld();
        JvmProcess victim = JvmProcess.of(new Victim(queue, ledger, role, 1 + kill));
        victim.setDaemon(true);
        victim.start();
        victims.add(victim);
        if (victims.size() == AT_A_TIME) {
          end(victims.remove(), ledger, 1 + kill - victims.size(), random);
        }
      }
      while (!victims.isEmpty()) {
        end(victims.remove(), ledger, KILLS - victims.size(), random);
      }
      survivors.goOnAndEnd(1_000);
      ledger.verify(held);
    } finally {
      victims.forEach(JvmProcess::kill);
      queue.destroy();
    }
    base.awaitAgain();
  }

  /// Kills a process some time after it has begun to work.
  private static void end(JvmProcess victim, Ledger ledger, int sender, Random random)
      throws InterruptedException {
    await().atMost(Deadlines.LONG).pollInterval(LOOK).until(() -> ledger.isWorking(sender));
    boolean endedBefore = victim.join(Duration.ofMillis(random.nextInt(40)));
    assertThat(endedBefore).as("ended by itself: %s", victim.certificate()).isFalse();
    victim.kill();
    assertThat(victim.join(Deadlines.LONG)).isTrue();
    victim.close();
  }
}

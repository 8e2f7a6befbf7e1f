package io.procession.examples.census;

import io.procession.pool.ProcessPool;
import io.procession.process.JvmProcess;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Kills one worker of a pool with SIGKILL when half of the batches are done, and tells what became of
/// its work.
final class Chaos {
  private static final Duration LONGEST_DEATH = Duration.ofSeconds(5);

  private final ChaosPlan plan;
  private final ProcessPool pool;
  private final int batches;
  private final Map<Long, Integer> deliveries = new HashMap<>();
  private List<JvmProcess> crew = List.of();
  private @Nullable JvmProcess victim;
  private long lastToDeliver;

  Chaos(ChaosPlan plan, ProcessPool pool, int batches) {
    this.plan = plan;
    this.pool = pool;
    this.batches = batches;
  }

  void delivered(long pid) {
    deliveries.merge(pid, 1, Integer::sum);
    lastToDeliver = pid;
  }

  /// Kills a worker, once, when half of the batches are taken, and says which.
  Optional<String> strikeIfDue(int taken) {
    if (plan == ChaosPlan.LEAVE_ALL_ALIVE || victim != null || taken < batches / 2) {
      return Optional.empty();
    }
    crew = List.copyOf(pool.workers());
    JvmProcess chosen = crew.stream().filter(this::isBusy).findFirst().orElse(crew.getFirst());
    victim = chosen;
    chosen.kill();
    return Optional.of(
        "chaos: killed worker "
            + chosen.name()
            + " (pid "
            + chosen.pid()
            + ") with SIGKILL after "
            + taken
            + " of "
            + batches
            + " batches, "
            + deliveries.getOrDefault(chosen.pid(), 0)
            + " of them its own");
  }

  /// The worker that delivered last may be between two batches; the others have one in hand.
  private boolean isBusy(JvmProcess worker) {
    return worker.isAlive() && worker.pid() != lastToDeliver;
  }

  /// What became of the victim, its place and its work.
  Optional<String> report(Ledger ledger) throws InterruptedException {
    if (victim == null) {
      return Optional.empty();
    }
    victim.join(LONGEST_DEATH);
    String death =
        victim
            .certificate()
            .map(certificate -> certificate.sentence() + ", exit code " + certificate.exitCode())
            .orElse(victim.name() + " is still there");
    String substitutes = substitutes();
    long deadline = System.nanoTime() + LONGEST_DEATH.toNanos();
    while (substitutes.isEmpty() && System.nanoTime() < deadline) {
      Thread.sleep(10); // the pool buries the victim first
      substitutes = substitutes();
    }
    return Optional.of(
        "chaos: "
            + death
            + "; in its place "
            + (substitutes.isEmpty() ? "nobody" : substitutes)
            + "; "
            + outcome(ledger));
  }

  private String substitutes() {
    List<Long> known = crew.stream().map(JvmProcess::pid).toList();
    return pool.workers().stream()
        .filter(worker -> !known.contains(worker.pid()))
        .map(this::describe)
        .collect(Collectors.joining(", "));
  }

  private String outcome(Ledger ledger) {
    return ledger.returned() == batches
        ? "what it had in hand was retried: all " + batches + " batches came back"
        : "only " + ledger.returned() + " of " + batches + " batches came back";
  }

  private String describe(JvmProcess worker) {
    int count = deliveries.getOrDefault(worker.pid(), 0);
    return "pid " + worker.pid() + " (batches done: " + count + ")";
  }
}

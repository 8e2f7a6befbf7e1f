package io.procession.stress.soak;

import io.procession.process.JvmProcess;
import io.procession.process.LaunchOptions;
import io.procession.testing.Deadlines;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// The processes that work at a time: starts them, kills one now and then and starts another in its
/// place, and looks whether all get on.
final class Places {
  private static final LaunchOptions OPTIONS =
      LaunchOptions.defaults().withJvmFlags("-Xmx128m", "-XX:+UseSerialGC");
  private static final int SIGKILL = -9;
  private static final long MOST_NANOS_OF_A_STEP = 3 * Deadlines.LONG.toNanos();
  private static final long MOST_NANOS_OF_A_START = 6 * Deadlines.LONG.toNanos();
  private static final int ANY_WAY_ONE_IN = 3;
  private static final int MOST_MILLIS_WANTED = 50;
  private static final int ANY_ONE_IN = 10;
  private static final int MOST_STEPS = 100;

  private final Grounds grounds;
  private final Roster roster;
  private final Random random;
  private final long seed;
  private final List<JvmProcess> processes = new ArrayList<>();
  private final int[] steps;
  private final long[] movedAt;
  private int started = 1;
  private int kills;
  private int killedYoung;
  private int least; // steps of the next to be killed

  Places(Grounds grounds, long seed) {
    this.grounds = grounds;
    this.roster = grounds.roster();
    this.seed = seed;
    this.random = new Random(seed);
    this.steps = new int[roster.places() * Roster.THREADS];
    this.movedAt = new long[steps.length];
  }

  void fill() {
    for (int place = 0; place < roster.places(); place++) {
      processes.add(start(place));
    }
  }

  private JvmProcess start(int place) {
    int process = started++;
    roster.appoint(place, process);
    for (int i = place * Roster.THREADS; i < (place + 1) * Roster.THREADS; i++) {
      steps[i] = 0;
      movedAt[i] = System.nanoTime();
    }
    JvmProcess child =
        JvmProcess.of("worker-" + process, OPTIONS, new Worker(grounds, process, seed));
    child.setDaemon(true);
    child.start();
    return child;
  }

  /// How many processes there have been, with the one that starts them.
  int started() {
    return started;
  }

  int kills() {
    return kills;
  }

  /// How many of them before their first step.
  int killedYoung() {
    return killedYoung;
  }

  boolean canKillMore() {
    return started < Roster.MOST_PROCESSES;
  }

  /// Kills one process and starts another. It is mostly one that has been at work for some steps; if
  /// the chosen one has not, nobody is killed this time.
  void killOne() throws InterruptedException {
    int place = random.nextInt(roster.places());
    int process = roster.at(place);
    if (roster.steps(process * Roster.THREADS) < least) {
      return;
    }
    least = random.nextInt(ANY_ONE_IN) == 0 ? 0 : 1 + random.nextInt(MOST_STEPS);
    JvmProcess victim = processes.get(place);
    requireRunning(victim);
    if (random.nextInt(ANY_WAY_ONE_IN) != 0) {
      roster.want(process);
      Thread.sleep(random.nextInt(MOST_MILLIS_WANTED));
    }
    roster.doom(process);
    victim.kill();
    victim.close();
    int code = victim.exitCode().orElse(0);
    Rules.require(code == SIGKILL, "nobody ends by itself", "process", victim, "exit code", code);
    kills++;
    killedYoung += roster.steps(process * Roster.THREADS) == 0 ? 1 : 0;
    grounds.stations().forEach(station -> station.mourn(roster, process));
    processes.set(place, start(place));
  }

  /// Fails if a process has ended by itself, or one of its threads has done no step for long.
  void requireAllGetOn() {
    processes.forEach(Places::requireRunning);
    for (int i = 0; i < steps.length; i++) {
      int actor = roster.at(i / Roster.THREADS) * Roster.THREADS + i % Roster.THREADS;
      int now = roster.steps(actor);
      if (now != steps[i]) {
        steps[i] = now;
        movedAt[i] = System.nanoTime();
      }
      long limit = now == 0 ? MOST_NANOS_OF_A_START : MOST_NANOS_OF_A_STEP;
      Rules.require(
          System.nanoTime() - movedAt[i] < limit,
          "everybody gets on",
          "process",
          processes.get(i / Roster.THREADS),
          "pid",
          processes.get(i / Roster.THREADS).pid(),
          "thread",
          i % Roster.THREADS,
          "at",
          grounds.stations().get(roster.station(actor)).name(),
          "steps",
          now);
    }
  }

  /// True if all have ended. Fails if one has not ended well.
  boolean haveEnded() {
    boolean ended = true;
    for (JvmProcess process : processes) {
      ended &= !process.isAlive();
      process
          .certificate()
          .ifPresent(certificate ->
              Rules.require(
                  certificate.isSuccess(),
                  "survivors end well",
                  "process",
                  certificate.sentence()));
    }
    return ended;
  }

  void close() {
    processes.forEach(JvmProcess::close);
  }

  private static void requireRunning(JvmProcess process) {
    @Nullable String end = process.certificate().map(death -> death.sentence()).orElse(null);
    Rules.require(end == null, "nobody ends by itself", "process", String.valueOf(end));
  }
}

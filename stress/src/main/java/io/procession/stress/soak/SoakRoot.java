package io.procession.stress.soak;

import io.procession.crash.Base;
import io.procession.internal.arena.Session;
import io.procession.junit.Belongings;
import io.procession.junit.ProcessStacks;
import io.procession.testing.Deadlines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/// The first process of a soak's session: it starts and kills the others, is never killed, and in the end
/// looks whether all is as it was. Exits with 1 if anything is not as it must be.
public final class SoakRoot {
  private static final Duration TEND = Duration.ofMillis(20);
  private static final Duration PATIENCE = Deadlines.LONG.multipliedBy(3);
  private static final int MEAN_MILLIS_BETWEEN_KILLS = 400;
  private static final int BLOCK = 512;

  /// Pages of tables (participants, cells, user sets, marks of units) stay once they were used.
  private static final long MOST_BYTES_OF_TABLES = 2 << 20;

  private final SoakOptions options;
  private final Path folder;
  private long mostBytes;

  private SoakRoot(SoakOptions options, Path folder) {
    this.options = options;
    this.folder = folder;
  }

  /// Runs a soak in this process.
  ///
  /// @param args the options as [SoakOptions#toArguments] gives them
  public static void main(String[] args) throws Exception {
    Worker.silenceWarnings();
    Path folder = Files.createTempDirectory("procession-soak");
    int code = 1;
    try {
      new SoakRoot(SoakOptions.of(args), folder).run();
      code = 0;
    } catch (Throwable e) {
      System.err.println("BROKEN: " + e.getMessage()); // first: of a long output the end may be cut
      e.printStackTrace();
      System.err.println(ProcessStacks.ofTree(ProcessHandle.current()));
    } finally {
      delete(folder);
    }
    System.exit(code); // others may be left that hold this process up
  }

  private void run() throws Exception {
    System.out.println("soak: " + options);
    Base base = Base.now();
    Belongings belongings = Belongings.now();
    long bytes = arenaBytes();
    String names = "procession-soak-" + ProcessHandle.current().pid() + "-";
    Grounds grounds = Grounds.make(folder, options.processes(), names);
    Turn turn = Turn.of(grounds.roster(), 0, options.seed());
    Places places = new Places(grounds, options.seed());
    long begun = System.nanoTime();
    places.fill();
    work(grounds, turn, places);
    long stopped = System.nanoTime();
    end(grounds, turn, places);
    long ended = System.nanoTime();
    new Report(grounds, places).print();
    for (Station station : grounds.stations()) {
      station.verify(turn, places.started());
    }
    grounds.stations().forEach(Station::destroy);
    base.awaitAgain();
    requireNothingLeft(belongings);
    long left = arenaBytes() - bytes;
    Rules.require(
        left <= MOST_BYTES_OF_TABLES, "memory goes back", "left", left, "most", mostBytes);
    System.out.printf(
        "worked %d s, ended in %d ms; arena: at most %d KiB, %d KiB of tables stay; %s%n",
        (stopped - begun) / 1_000_000_000,
        (ended - stopped) / 1_000_000,
        mostBytes >> 10,
        left >> 10,
        base);
    System.out.println("every rule holds");
  }

  private void work(Grounds grounds, Turn turn, Places places) throws Exception {
    Random random = new Random(options.seed());
    long end = System.nanoTime() + options.seconds() * 1_000_000_000L;
    long nextKill = System.nanoTime() + pause(random);
    long nextLook = System.nanoTime();
    while (System.nanoTime() < end || places.kills() < options.kills()) {
      tend(grounds, turn);
      places.requireAllGetOn();
      if (System.nanoTime() >= nextKill && places.canKillMore()) {
        int kills = places.kills();
        places.killOne();
        nextKill = System.nanoTime() + (places.kills() > kills ? pause(random) : 0);
      }
      if (System.nanoTime() >= nextLook) {
        mostBytes = Math.max(mostBytes, arenaBytes());
        grounds.roster().setFashion(random.nextInt(grounds.stations().size()));
        nextLook = System.nanoTime() + 1_000_000_000L;
      }
      Thread.sleep(TEND);
    }
  }

  /// Some soon after each other, some not.
  private static long pause(Random random) {
    return (long) (random.nextDouble() * 2 * MEAN_MILLIS_BETWEEN_KILLS * 1_000_000);
  }

  private static void end(Grounds grounds, Turn turn, Places places) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    grounds.roster().stop();
    while (!places.haveEnded()) {
      Rules.require(System.nanoTime() < deadline, "every survivor ends", "within", PATIENCE);
      tend(grounds, turn);
      Thread.sleep(TEND);
    }
    places.close();
  }

  private static void tend(Grounds grounds, Turn turn) throws Exception {
    for (Station station : grounds.stations()) {
      station.tend(turn);
    }
  }

  private static void requireNothingLeft(Belongings before) {
    Awaitility.await()
        .pollInSameThread()
        .atMost(Deadlines.LONG)
        .untilAsserted(() -> {
          List<String> left =
              Belongings.now().beyond(before).stream()
                  .filter(thing -> !thing.startsWith("file ")) // those of the dead: Remains
                  .toList();
          Rules.require(left.isEmpty(), "nothing is left behind", "left", left);
        });
  }

  /// Memory that the arena takes, as the kernel counts it; 0 where nobody tells.
  private static long arenaBytes() throws IOException, InterruptedException {
    String arena = Session.current().arenaPath();
    Process stat =
        new ProcessBuilder("stat", "-L", "-c", "%b", arena)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String said =
        new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
    return stat.waitFor() == 0 ? Long.parseLong(said) * BLOCK : 0;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}

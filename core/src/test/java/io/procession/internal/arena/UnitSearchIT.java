package io.procession.internal.arena;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.procession.testing.ChildJvm;
import io.procession.testing.Deadlines;
import io.procession.testing.Halting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Searchers for the last units, each a process that stops whenever it has claimed one: they may stand
/// in each other's way, but never take what is another's, and one of them gets what is there.
class UnitSearchIT {
  private static final String NONE = "none";

  @TempDir Path folder;

  @BeforeEach
  void seesThatOthersAreStopped() {
    assumeTrue(Files.exists(Path.of("/proc/self/stat")), "no /proc to see who is stopped");
  }

  /// What a searcher lets go may be another's already, if its object was destroyed meanwhile.
  @Test
  void lettingGoTakesNothingFromOthers() throws IOException {
    String file = folder.resolve("arena").toString();
    try (SmallArena arena = SmallArena.of(file, 4);
        ChildJvm searcher = searcher(file, 4, /* cell= */ 7, /* length= */ 4)) {
      Units units = new Units(arena.memory(), 1);
      taken(arena, 3);
      assertThat(isStopped(searcher)).isTrue();
      goOn(searcher);
      assertThat(isStopped(searcher)).as("has claimed two").isTrue();
      units.freeAll(7);
      int first = units.allocate(8, 2);
      assertThat(first).isZero();
      goOnToTheEnd(searcher);
      assertThat(searcher.awaitLine("found ")).isEqualTo(NONE);
      assertThat(units.bears(0, 8)).isTrue();
      assertThat(units.bears(1, 8)).isTrue();
      assertThat(units.bears(2, 7)).isFalse();
    }
  }

  /// Step by step: each meets what the other holds, and lets go what the other has just met.
  @Test
  void oneOfTwoSearchersGetsTheRunThatFitsBoth() throws IOException {
    String file = folder.resolve("arena").toString();
    try (SmallArena arena = SmallArena.of(file, 6)) {
      taken(arena, 5);
      try (ChildJvm one = searcher(file, 6, /* cell= */ 7, /* length= */ 3)) {
        assertThat(isStopped(one)).as("holds 0").isTrue();
        try (ChildJvm other = searcher(file, 6, /* cell= */ 8, /* length= */ 3)) {
          assertThat(isStopped(other)).as("holds 1").isTrue();
          goOn(one);
          assertThat(isStopped(one)).as("has let 0 go, holds 2").isTrue();
          goOn(other);
          assertThat(isStopped(other)).as("has let 1 go, holds 3").isTrue();
          goOnToTheEnd(one);
          goOnToTheEnd(other);
          assertThat(one.awaitLine("found ") + other.awaitLine("found "))
              .isIn("0" + NONE, "1" + NONE, NONE + "0", NONE + "1", NONE + "2");
        }
      }
    }
  }

  private static void taken(SmallArena arena, int unit) {
    Words.setIntVolatile(arena.memory(), Units.markAt(unit), Units.mark(100));
  }

  private static ChildJvm searcher(String file, int units, int cell, int length) {
    return ChildJvm.main(
            Searcher.class,
            file,
            Integer.toString(units),
            Integer.toString(cell),
            Integer.toString(length))
        .flags("-Dprocession.crash=" + FailPoint.UNIT_CLAIMED + ":stop")
        .start();
  }

  /// Says what it has found.
  static final class Searcher {
    private Searcher() {}

    static void main(String[] args) throws IOException {
      int cell = Integer.parseInt(args[2]);
      try (SmallArena arena = SmallArena.of(args[0], Integer.parseInt(args[1]))) {
        Units units = new Units(arena.memory(), cell);
        System.out.println("found " + search(units, cell, Integer.parseInt(args[3])));
      }
    }
  }

  private static String search(Units units, int cell, int length) {
    try {
      return Integer.toString(units.allocate(cell, length));
    } catch (IllegalStateException e) {
      return NONE;
    }
  }

  private static void goOnToTheEnd(ChildJvm child) {
    while (isStopped(child)) {
      goOn(child);
    }
    child.succeed();
  }

  private static void goOn(ChildJvm child) {
    try {
      assertThat(Halting.goOn(child.pid())).isZero();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// Waits until it is stopped or has ended, and says which.
  private static boolean isStopped(ChildJvm child) {
    await().atMost(Deadlines.LONG).until(() -> !child.isAlive() || Halting.isStopped(child.pid()));
    return child.isAlive();
  }
}

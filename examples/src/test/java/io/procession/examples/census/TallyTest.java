package io.procession.examples.census;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TallyTest {
  private static final Tally LOGGING =
      new Tally(
          Map.of("java.logging", new ModuleTally(2, 5, 40, 1)),
          Map.of("A.a()V", 3L, "B.b()V", 1L),
          new SizedMethod("L.log()V", 30));
  private static final Tally LOGGING_TOO =
      new Tally(
          Map.of("java.logging", new ModuleTally(1, 2, 30, 0)),
          Map.of("B.b()V", 5L),
          new SizedMethod("K.log()V", 30));
  private static final Tally SQL =
      new Tally(
          Map.of("java.sql", new ModuleTally(1, 1, 7, 0)),
          Map.of("C.c()V", 3L),
          new SizedMethod("S.sql()V", 7));

  @Test
  void addsModulesCallsAndKeepsTheLargestMethod() {
    Tally sum = LOGGING.plus(LOGGING_TOO).plus(SQL);

    assertThat(sum.modules())
        .containsOnly(
            Map.entry("java.logging", new ModuleTally(3, 7, 70, 1)),
            Map.entry("java.sql", new ModuleTally(1, 1, 7, 0)));
    assertThat(sum.calls()).isEqualTo(Map.of("A.a()V", 3L, "B.b()V", 6L, "C.c()V", 3L));
    assertThat(sum.total()).isEqualTo(new ModuleTally(4, 8, 77, 1));
  }

  @Test
  void ofTwoLargestMethodsTakesTheOneWhoseNameComesFirst() {
    assertThat(LOGGING.plus(LOGGING_TOO).largest()).isEqualTo(new SizedMethod("K.log()V", 30));
    assertThat(LOGGING_TOO.plus(LOGGING).largest()).isEqualTo(new SizedMethod("K.log()V", 30));
  }

  @Test
  void addsUpToTheSameInAnyOrderAndGrouping() {
    List<Tally> parts = new ArrayList<>(List.of(LOGGING, LOGGING_TOO, SQL, Tally.NOTHING, SQL));
    Tally inOrder = parts.stream().reduce(Tally.NOTHING, Tally::plus);

    for (int seed = 0; seed < 20; seed++) {
      Collections.shuffle(parts, new Random(seed));
      assertThat(parts.stream().reduce(Tally.NOTHING, Tally::plus)).isEqualTo(inOrder);
    }
    Tally left = parts.get(0).plus(parts.get(1)).plus(parts.get(2));
    Tally right = parts.get(0).plus(parts.get(1).plus(parts.get(2)));
    assertThat(left).isEqualTo(right);
  }

  @Test
  void nothingAddedChangesNothing() {
    assertThat(LOGGING.plus(Tally.NOTHING)).isEqualTo(LOGGING);
    assertThat(Tally.NOTHING.plus(LOGGING)).isEqualTo(LOGGING);
  }

  @Test
  void listsTheMostCalledFirstAndEqualOnesByName() {
    assertThat(LOGGING.plus(SQL).mostCalled(2))
        .containsExactly(Map.entry("A.a()V", 3L), Map.entry("C.c()V", 3L));
  }

  @Test
  void namesEachDifference() {
    assertThat(LOGGING.differencesFrom(LOGGING)).isEmpty();
    assertThat(LOGGING.differencesFrom(SQL))
        .containsExactly(
            "module java.logging: ModuleTally[classes=2, methods=5, instructions=40, findings=1]"
                + " instead of null",
            "module java.sql: null instead of"
                + " ModuleTally[classes=1, methods=1, instructions=7, findings=0]",
            "calls of A.a()V: 3 instead of null",
            "calls of B.b()V: 1 instead of null",
            "calls of C.c()V: null instead of 3",
            "largest method: SizedMethod[method=L.log()V, instructions=30]"
                + " instead of SizedMethod[method=S.sql()V, instructions=7]");
  }
}

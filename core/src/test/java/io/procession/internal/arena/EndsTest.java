package io.procession.internal.arena;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.procession.testing.Deadlines;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EndsTest {
  private static final CellRef REF = new CellRef(1, 2, 3);

  private final Ends<Object> ends = new Ends<>();

  @Test
  void thoseThatCanBeReachedAreThere() {
    Object one = new Object();
    Object two = new Object();
    ends.add(REF, one);
    ends.add(REF, two);
    ends.add(new CellRef(1, 2, 4), new Object());
    assertThat(ends.get(REF)).containsExactly(one, two);
    ends.remove(REF);
    assertThat(ends.get(REF)).isEmpty();
  }

  /// As when the same memory arrives with each task.
  @Test
  void thoseThatCannotAreForgotten() {
    Object kept = new Object();
    ends.add(REF, kept);
    var added = new AtomicInteger();
    await()
        .atMost(Deadlines.MEDIUM)
        .until(() -> {
          for (int i = 0; i < 1_000; i++) {
            ends.add(REF, new Object());
          }
          System.gc();
          return added.addAndGet(1_000) > 5_000 && ends.kept(REF) < added.get() / 2;
        });
    assertThat(ends.get(REF)).contains(kept);
  }
}

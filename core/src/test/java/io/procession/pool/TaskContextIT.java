package io.procession.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What goes from the submitter's thread to the worker's.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class TaskContextIT {
  private static final ScopedValue<String> TRACE = ScopedValue.newInstance();
  private static final ThreadLocal<@Nullable Integer> DEPTH = new ThreadLocal<>();

  private static ProcessPool pool;

  private static final class Trace implements TaskContext<String> {
    private static final long serialVersionUID = 1L;

    @Override
    public String capture() {
      return TRACE.orElse("none");
    }

    @Override
    public <R extends @Nullable Object> R call(String trace, Callable<R> task) throws Exception {
      return ScopedValue.where(TRACE, trace).call(task::call);
    }
  }

  private static final class Depth implements TaskContext<@Nullable Integer> {
    private static final long serialVersionUID = 1L;

    @Override
    public @Nullable Integer capture() {
      return DEPTH.get();
    }

    @Override
    public <R extends @Nullable Object> R call(@Nullable Integer depth, Callable<R> task)
        throws Exception {
      assertThat(TRACE.isBound()).isTrue(); // it was added first
      DEPTH.set(depth);
      try {
        return task.call();
      } finally {
        DEPTH.remove();
      }
    }
  }

  /// What an actor sees.
  interface Seer {
    String see();
  }

  @BeforeAll
  static void open() {
    pool =
        ProcessPool.open(
            PoolOptions.defaults()
                .withProcesses(1)
                .withContext(new Trace())
                .withContext(new Depth()));
  }

  @AfterAll
  static void close() {
    pool.close();
  }

  private static String seen() {
    return TRACE.get() + DEPTH.get();
  }

  private static void within(String trace, int depth, Runnable body) {
    DEPTH.set(depth);
    try {
      ScopedValue.where(TRACE, trace).run(body);
    } finally {
      DEPTH.remove();
    }
  }

  @Test
  void contextGoesWithEachKindOfTask() {
    within(
        "a",
        1,
        () -> {
          assertThat(pool.apply(TaskContextIT::seen)).isEqualTo("a1");
          String applied = pool.apply(x -> x + seen(), "x");
          assertThat(applied).isEqualTo("xa1");
          assertThat(pool.applyAsync(TaskContextIT::seen).join()).isEqualTo("a1");
          assertThat(pool.map(x -> x + seen(), List.of(1, 2))).containsExactly("1a1", "2a1");
          assertThat(pool.map((x, y) -> x + y + seen(), List.of("x"), List.of("y")))
              .containsExactly("xya1");
          assertThat(pool.mapAsync(x -> x + seen(), List.of(1)).join()).containsExactly("1a1");
          assertThat(pool.imap(x -> x + seen(), List.of(3)).next()).isEqualTo("3a1");
          assertThat(Stream.of(4).gather(pool.mapping(x -> x + seen())).toList())
              .containsExactly("4a1");
          try (var actor = pool.actor(Seer.class, () -> TaskContextIT::seen)) {
            assertThat(actor.proxy().see()).isEqualTo("a1");
          }
        });
  }

  @Test
  void nothingIsLeftForTheNextTask() {
    within("b", 2, () -> assertThat(pool.apply(TaskContextIT::seen)).isEqualTo("b2"));
    assertThat(pool.apply(TaskContextIT::seen)).isEqualTo("nonenull");
    assertThatThrownBy(() ->
            pool.apply(() -> {
              throw new IllegalStateException(seen());
            }))
        .hasRootCauseMessage("nonenull");
  }
}

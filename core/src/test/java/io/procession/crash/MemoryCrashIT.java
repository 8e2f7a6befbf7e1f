package io.procession.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.procession.internal.arena.FailPoint;
import io.procession.serial.ByteSink;
import io.procession.serial.Codec;
import io.procession.shared.ElementType;
import io.procession.shared.SharedArray;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A process is killed where it attaches, closes or destroys shared memory. What it held is free after
/// that, and what others hold stays theirs until they let go.
@Tag("platforms")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class MemoryCrashIT {
  private static final int LENGTH = 100_000;

  private final Base base = Base.now();
  private final SharedArray<Integer> array = SharedArray.raw(ElementType.INT, LENGTH);

  @AfterEach
  void nothingIsLeft() {
    array.destroy();
    base.awaitAgain();
  }

  @ParameterizedTest
  @EnumSource(names = {"USER_ADDED", "USER_REMOVED"})
  void whoDiesWhileItComesOrGoesHoldsNothing(FailPoint point) throws Exception {
    SharedArray<Integer> its = array;
    Doomed.dieAt(point, 1, () -> its.close());
    array.set(0, 1);
    assertThat(array.get(0)).isOne();
  }

  /// It destroys what this process holds, so it frees nothing of it.
  @ParameterizedTest
  @EnumSource(names = {"CELL_DOOMED", "USER_REMOVED"})
  void whatTheDeadDestroyedIsHeldAsLongAsAnotherHasIt(FailPoint point) throws Exception {
    SharedArray<Integer> its = array;
    MemorySegment view = array.segment();
    Doomed.dieAt(point, 1, () -> its.destroy());
    assertThatIllegalStateException()
        .isThrownBy(() -> array.get(0))
        .withMessageContaining("destroyed");
    SharedArray<Integer> stranger = SharedArray.raw(ElementType.INT, LENGTH);
    view.fill((byte) -1);
    assertThat(stranger.stream()).containsOnly(0);
    stranger.destroy();
    array.close();
    assertThatIllegalStateException().isThrownBy(() -> view.get(ValueLayout.JAVA_INT, 0));
  }

  /// The doomed one makes it, sends it to nobody, and is the last to let go.
  @ParameterizedTest
  @EnumSource(
      names = {
        "CELL_DOOMED",
        "USER_REMOVED",
        "CELL_RECLAIMED",
        "USER_SETS_FREED",
        "UNIT_RECLAIMED",
        "UNIT_FREED",
        "CELL_EMPTIED",
        "CELL_FREED"
      })
  void whatNobodyHoldsIsFreeWhereverItsLastHolderDies(FailPoint point) throws Exception {
    Doomed.dieAt(
        point,
        1,
        () -> {
          SharedArray<Integer> own = SharedArray.raw(ElementType.INT, LENGTH);
          Codec.standard().encode(own, new ByteSink());
          own.destroy();
        });
  }
}

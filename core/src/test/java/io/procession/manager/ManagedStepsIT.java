package io.procession.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.process.JvmProcess;
import io.procession.serial.SerializableRunnable;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A call that goes over many elements of an array or set is one step for all processes.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ManagedStepsIT {
  private static final int TIMES = 100;
  private static final List<Integer> MANY = IntStream.range(0, 1_000).boxed().toList();

  private static SyncManager manager;

  interface Next extends UnaryOperator<Integer>, Serializable {}

  interface Choice extends Predicate<Integer>, Serializable {}

  @BeforeAll
  static void start() {
    manager = new SyncManager().start();
  }

  @AfterAll
  static void shutDown() {
    manager.close();
  }

  private static JvmProcess started(SerializableRunnable task) {
    JvmProcess process = JvmProcess.of(task);
    process.start();
    return process;
  }

  private static void ended(JvmProcess process) throws Exception {
    process.join();
    assertThat(process.exitCode()).as("%s", process.certificate()).hasValue(0);
    process.close();
  }

  @Test
  void noChangeOfAnArrayIsLost() throws Exception {
    List<Integer> array = manager.array(MANY);
    SerializableRunnable task =
        () -> {
          Next next = x -> x + 1;
          for (int i = 0; i < TIMES; i++) {
            array.replaceAll(next);
          }
        };
    JvmProcess one = started(task);
    JvmProcess other = started(task);
    ended(one);
    ended(other);
    assertThat(new ArrayList<>(array)).isEqualTo(MANY.stream().map(x -> x + 2 * TIMES).toList());
  }

  @Test
  void arrayIsNeverSeenHalfSorted() throws Exception {
    List<Integer> array = manager.array(MANY);
    JvmProcess sorter =
        started(() -> {
          for (int i = 0; i < TIMES; i++) {
            array.sort(Comparator.reverseOrder());
            array.sort(null);
          }
        });
    while (sorter.isAlive()) {
      List<Integer> seen = new ArrayList<>(array);
      assertThat(seen.getFirst() == 0 ? seen : seen.reversed()).isEqualTo(MANY);
    }
    ended(sorter);
  }

  @Test
  void setIsNeverSeenHalfFilled() throws Exception {
    Set<Integer> set = manager.set();
    JvmProcess filler =
        started(() -> {
          Choice all = x -> true;
          for (int i = 0; i < TIMES; i++) {
            set.addAll(MANY);
            set.clear();
            set.addAll(MANY);
            set.retainAll(Set.of());
            set.addAll(MANY);
            set.removeAll(MANY);
            set.addAll(MANY);
            set.removeIf(all);
          }
        });
    Set<Integer> sizes = new TreeSet<>();
    while (filler.isAlive()) {
      sizes.add(set.size());
      Set<Integer> copy = BaseProxy.of(set).getValue();
      sizes.add(copy.size());
    }
    ended(filler);
    assertThat(sizes).isSubsetOf(0, MANY.size());
  }

  @Test
  void arrayIsAListOfFixedLength() {
    List<Object> array = manager.array(Arrays.asList(3, 1, null));
    assertThat(array).containsExactly(3, 1, null).isEqualTo(Arrays.asList(3, 1, null));
    assertThat(array).hasSameHashCodeAs(Arrays.asList(3, 1, null)).hasToString("[3, 1, null]");
    assertThat(array.indexOf(1)).isEqualTo(1);
    assertThat(array.lastIndexOf(null)).isEqualTo(2);
    assertThat(array.contains(3)).isTrue();
    assertThat(array.containsAll(List.of(1, 4))).isFalse();
    assertThat(array.remove("no")).isFalse();
    assertThat(array.removeAll(List.of("no"))).isFalse();
    assertThat(array.retainAll(Arrays.asList(null, 1, 3))).isFalse();
    assertThat(array.removeIf((Predicate<Object> & Serializable) x -> "no".equals(x))).isFalse();
    for (org.assertj.core.api.ThrowableAssert.ThrowingCallable refused :
        List.<org.assertj.core.api.ThrowableAssert.ThrowingCallable>of(
            () -> array.remove((Object) 1),
            () -> array.remove(0),
            () -> array.removeAll(List.of(1)),
            () -> array.retainAll(List.of(1)),
            () -> array.removeIf((Predicate<Object> & Serializable) x -> x == null),
            () -> array.add(4),
            array::clear)) {
      assertThatThrownBy(refused).isInstanceOf(UnsupportedOperationException.class);
    }
    assertThat(array).hasSize(3).isEqualTo(manager.array(Arrays.asList(3, 1, null)));
  }

  @Test
  void setsOfSetsAreAskedWithoutTheirLocks() throws Exception {
    Set<Object> one = manager.set(List.of(1));
    Set<Object> other = manager.set(List.of(1));
    SerializableRunnable task =
        () -> {
          for (int i = 0; i < TIMES; i++) {
            assertThat(one.equals(other)).isTrue();
            assertThat(other.contains(one)).isFalse();
            assertThat(one.containsAll(List.of(other))).isFalse();
          }
        };
    JvmProcess first = started(task);
    JvmProcess second = started(task);
    ended(first);
    ended(second);
    twiceNested();
    Set<Object> outer = manager.set(List.of(Set.of(1), 2));
    assertThat(outer.contains(one)).isTrue();
    assertThat(outer).isEqualTo(Set.of(one, 2)).hasSameHashCodeAs(Set.of(Set.of(1), 2));
    assertThat(outer.remove(other)).isTrue();
    assertThat(outer).containsExactly(2);
  }

  /// Each has an element whose hash code is the other's.
  private static void twiceNested() throws Exception {
    Set<Object> one = manager.set(List.of(Set.of(5)));
    Set<Object> other = manager.set(List.of(Set.of(5)));
    JvmProcess first =
        started(() -> {
          for (int i = 0; i < TIMES; i++) {
            assertThat(one.contains(other)).isFalse();
            assertThat(one.containsAll(List.of(other))).isFalse();
          }
        });
    JvmProcess second =
        started(() -> {
          for (int i = 0; i < TIMES; i++) {
            assertThat(other.contains(one)).isFalse();
            assertThat(other.containsAll(List.of(one))).isFalse();
          }
        });
    ended(first);
    ended(second);
  }

  @Test
  void setHasNoNulls() {
    Set<Object> set = manager.set(List.of(1, 2));
    assertThatNullPointerException().isThrownBy(() -> set.addAll(Arrays.asList(3, null)));
    assertThat(set).containsExactlyInAnyOrder(1, 2);
    assertThat(set.containsAll(Arrays.asList(1, null))).isFalse();
    assertThat(set.removeAll(new HashSet<>(Arrays.asList(1, null)))).isTrue();
    assertThat(set.retainAll(Arrays.asList(2, null))).isFalse();
    assertThat(set).containsExactly(2);
  }
}

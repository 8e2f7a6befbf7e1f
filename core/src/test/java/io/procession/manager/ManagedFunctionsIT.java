package io.procession.manager;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.procession.internal.remote.Remote;
import io.procession.process.JvmProcess;
import io.procession.serial.SerializableRunnable;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Functions given to managed collections: those that can be sent run at the server, others here, and
/// both change what they change in one step.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ManagedFunctionsIT {
  private static final int TIMES = 100;

  private static SyncManager near;
  private static SyncManager far; // over TCP
  private static FarServer farServer;

  interface Change extends BiFunction<String, int[], int[]>, Serializable {}

  interface Merge extends BinaryOperator<int[]>, Serializable {}

  interface Make extends Function<String, int[]>, Serializable {}

  interface Choice extends Predicate<Object>, Serializable {}

  interface Order extends Comparator<Integer>, Serializable {}

  interface Next extends UnaryOperator<Integer>, Serializable {}

  @BeforeAll
  static void start() throws Exception {
    near = new SyncManager().start();
    farServer = FarServer.start(options -> new SyncManager(options));
    far = farServer.client();
    assertThat(isLocal(near)).isTrue();
    assertThat(isLocal(far)).isFalse();
  }

  /// Whether calls go over rings.
  private static boolean isLocal(SyncManager manager) {
    return ((Remote) manager.event()).reference().isLocal();
  }

  @AfterAll
  static void shutDown() throws Exception {
    far.close();
    farServer.close();
    near.close();
  }

  private static SyncManager manager(boolean isFar) {
    return isFar ? far : near;
  }

  private static int pid() {
    return (int) ProcessHandle.current().pid();
  }

  private static int server() {
    return (int) near.process().orElseThrow().pid();
  }

  /// A copy never equals what it is a copy of.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void valuesWithoutEqualsAreChangedFromHere(boolean isFar) {
    ConcurrentMap<String, byte[]> map = manager(isFar).map();
    map.put("a", new byte[] {1});
    assertThat(map.merge("a", new byte[] {2}, (x, y) -> new byte[] {x[0], y[0]}))
        .containsExactly(1, 2);
    assertThat(map.merge("b", new byte[] {3}, (x, y) -> x)).containsExactly(3);
    assertThat(map.compute("a", (k, v) -> new byte[] {(byte) v.length})).containsExactly(2);
    assertThat(map.compute("c", (k, v) -> v == null ? new byte[] {4} : v)).containsExactly(4);
    assertThat(map.computeIfPresent("a", (k, v) -> new byte[] {v[0], 5})).containsExactly(2, 5);
    assertThat(map.computeIfPresent("no", (k, v) -> v)).isNull();
    assertThat(map.computeIfAbsent("a", k -> new byte[0])).containsExactly(2, 5);
    map.replaceAll((k, v) -> new byte[] {v[0], (byte) k.charAt(0)});
    assertThat(map.get("a")).containsExactly(2, 'a');
    assertThat(map.get("c")).containsExactly(4, 'c');
    assertThat(map.merge("a", new byte[0], (x, y) -> null)).isNull();
    assertThat(map.compute("b", (k, v) -> null)).isNull();
    assertThat(map.computeIfPresent("c", (k, v) -> null)).isNull();
    assertThat(map.compute("no", (k, v) -> null)).isNull();
    assertThat(map).isEmpty();
    ConcurrentMap<String, AtomicInteger> counters = manager(isFar).map();
    counters.put("a", new AtomicInteger(1));
    counters.compute("a", (k, v) -> new AtomicInteger(v.get() + 1));
    assertThat(counters.get("a")).hasValue(2);
    ConcurrentMap<String, List<String>> nested = manager(isFar).map();
    List<String> inner = manager(isFar).list(List.of("x"));
    nested.put("a", inner);
    assertThat(nested.compute("a", (k, v) -> v)).isEqualTo(inner);
    nested.get("a").add("y");
    assertThat(inner).containsExactly("x", "y");
  }

  @Test
  void nothingIsNoFunctionAndNoValue() {
    ConcurrentMap<String, Integer> map = near.map(Map.of("a", 1));
    assertThatNullPointerException().isThrownBy(() -> map.compute("no", null));
    assertThatNullPointerException().isThrownBy(() -> map.computeIfPresent("no", null));
    assertThatNullPointerException().isThrownBy(() -> map.merge("no", 1, null));
    assertThatNullPointerException().isThrownBy(() -> map.replaceAll(null));
    assertThatNullPointerException().isThrownBy(() -> map.merge("a", null, Integer::sum));
    assertThatNullPointerException().isThrownBy(() -> map.replaceAll((k, v) -> null));
    assertThat(map).containsExactly(Map.entry("a", 1));
  }

  private static void twice(SerializableRunnable task) throws Exception {
    try (JvmProcess one = JvmProcess.of(task);
        JvmProcess two = JvmProcess.of(task)) {
      one.start();
      two.start();
      one.join();
      two.join();
      assertThat(one.exitCode()).as("%s", one.certificate()).hasValue(0);
      assertThat(two.exitCode()).as("%s", two.certificate()).hasValue(0);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void nothingOfTwoCallersIsLostThatIsChangedFromThere(boolean isFar) throws Exception {
    ConcurrentMap<String, int[]> map = manager(isFar).map(Map.of("present", new int[1]));
    ConcurrentMap<String, int[]> all =
        manager(isFar).map(Map.of("x", new int[1], "y", new int[1], "z", new int[1]));
    List<Object> others = manager(isFar).list();
    twice(() -> {
      for (int i = 0; i < TIMES; i++) {
        map.merge("merge", new int[] {1}, (x, y) -> new int[] {x[0] + y[0]});
        map.compute("compute", (k, v) -> new int[] {v == null ? 1 : v[0] + 1});
        map.computeIfPresent("present", (k, v) -> new int[] {v[0] + 1});
        all.replaceAll((k, v) -> new int[] {v[0] + 1});
        int[] made = map.computeIfAbsent("absent" + i, k -> new int[] {pid()});
        if (made[0] != requireNonNull(map.get("absent" + i))[0]) {
          others.add(made);
        }
      }
    });
    assertThat(map.get("merge")).containsExactly(2 * TIMES);
    assertThat(map.get("compute")).containsExactly(2 * TIMES);
    assertThat(map.get("present")).containsExactly(2 * TIMES);
    for (String key : List.of("x", "y", "z")) {
      assertThat(all.get(key)).as(key).containsExactly(2 * TIMES);
    }
    assertThat(others).isEmpty();
    assertThat(map).hasSize(TIMES + 3);
  }

  /// What each function makes says where it ran, too.
  @Test
  void nothingOfTwoCallersIsLostThatTheServerChanges() throws Exception {
    ConcurrentMap<String, int[]> map = near.map(Map.of("present", new int[2]));
    ConcurrentMap<String, int[]> all = near.map(Map.of("x", new int[2], "y", new int[2]));
    Merge sum = (x, y) -> new int[] {x[0] + y[0], pid()};
    Change next = (k, v) -> new int[] {v == null ? 1 : v[0] + 1, pid()};
    Make make = k -> new int[] {1, pid()};
    twice(() -> {
      for (int i = 0; i < TIMES; i++) {
        map.merge("merge", new int[] {1, 0}, sum);
        map.compute("compute", next);
        map.computeIfPresent("present", next);
        map.computeIfAbsent("absent" + i, make);
        all.replaceAll(next);
      }
    });
    assertThat(map.get("merge")).containsExactly(2 * TIMES, server());
    assertThat(map.get("compute")).containsExactly(2 * TIMES, server());
    assertThat(map.get("present")).containsExactly(2 * TIMES, server());
    assertThat(map.get("absent0")).containsExactly(1, server());
    assertThat(all.get("x")).containsExactly(2 * TIMES, server());
    assertThat(all.get("y")).containsExactly(2 * TIMES, server());
  }

  interface InPlace extends BiFunction<String, List<Integer>, List<Integer>>, Serializable {}

  interface Appending extends BinaryOperator<List<Integer>>, Serializable {}

  /// One changes a value in place at the server, and another a copy of it.
  @Test
  void nothingIsLostThatTheServerChangesInPlace() throws Exception {
    ConcurrentMap<String, List<Integer>> map = near.map();
    map.put("a", new ArrayList<>());
    Thread copying =
        Thread.ofPlatform()
            .start(() -> {
              for (int i = 0; i < 5 * TIMES; i++) {
                map.compute(
                    "a",
                    (k, list) -> {
                      list.add(1);
                      return list;
                    });
              }
            });
    InPlace adding =
        (k, list) -> {
          list.add(2);
          return list;
        };
    Appending appending =
        (list, more) -> {
          list.addAll(more);
          return list;
        };
    for (int i = 0; i < TIMES; i++) {
      map.compute("a", adding);
      map.computeIfPresent("a", adding);
      map.merge("a", new ArrayList<>(List.of(3)), appending);
      map.replaceAll(adding);
    }
    copying.join();
    assertThat(map.get("a")).hasSize(9 * TIMES);
  }

  @Test
  void functionThatCanBeSentIsOneCall() {
    int here = pid();
    Next place = x -> pid();
    Choice isThere = x -> pid() != here;
    Order backwardsThere = (x, y) -> pid() == here ? x.compareTo(y) : y.compareTo(x);
    List<Integer> list = near.list(List.of(2, 3, 1));
    List<Integer> array = near.array(List.of(2, 3, 1));
    Set<Integer> set = near.set(List.of(2, 3, 1));
    BlockingQueue<Integer> queue = near.queue();
    queue.add(1);
    long before = near.link().requests();
    list.sort(backwardsThere);
    array.sort(backwardsThere);
    assertThat(near.link().requests() - before).isEqualTo(2);
    assertThat(list).containsExactly(3, 2, 1);
    assertThat(array).containsExactly(3, 2, 1);
    before = near.link().requests();
    list.replaceAll(place);
    array.replaceAll(place);
    assertThat(near.link().requests() - before).isEqualTo(2);
    assertThat(list).containsOnly(server()).hasSize(3);
    assertThat(array).containsOnly(server()).hasSize(3);
    before = near.link().requests();
    assertThat(list.removeIf(isThere)).isTrue();
    assertThat(set.removeIf(isThere)).isTrue();
    assertThat(queue.removeIf(isThere)).isTrue();
    assertThat(near.link().requests() - before).isEqualTo(3);
    assertThat(list).isEmpty();
    assertThat(set).isEmpty();
    assertThat(queue).isEmpty();
  }

  @Test
  void markIsThatOfOneObjectAsLongAsItLives() {
    Marks marks = new Marks();
    Object one = new int[] {1};
    Object other = new int[] {1};
    long mark = marks.of(one);
    assertThat(marks.of(one)).isEqualTo(mark).isNotEqualTo(Marks.NONE);
    assertThat(marks.of(other)).isNotEqualTo(mark);
    assertThat(marks.has(one, mark)).isTrue();
    assertThat(marks.has(other, mark)).isFalse();
    assertThat(marks.has(new Object(), mark)).isFalse();
    for (int i = 0; i < 1_000; i++) {
      marks.of(new Object());
    }
    org.awaitility.Awaitility.await()
        .until(() -> {
          System.gc();
          return marks.of(one) == mark && marks.count() < 10;
        });
    assertThat(marks.has(other, mark)).isFalse();
  }
}

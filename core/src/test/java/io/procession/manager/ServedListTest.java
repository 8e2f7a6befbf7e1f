package io.procession.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Lists and arrays at the server that are compared with each other while others change them.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ServedListTest {
  private static final int TIMES = 500;
  private static final List<Integer> MANY = IntStream.range(0, 300).boxed().toList();

  private final List<Integer> list = new ServedList<>(MANY);
  private final List<Integer> array = new ServedArray<>(MANY);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicBoolean isOver = new AtomicBoolean();

  @AfterEach
  void end() {
    isOver.set(true);
    threads.shutdownNow();
  }

  /// Until the test is over.
  private Future<?> again(Runnable work) {
    return threads.submit(() -> {
      while (!isOver.get()) {
        work.run();
      }
    });
  }

  private void turnAndFill() {
    var _ =
        again(() -> {
          array.sort(Comparator.reverseOrder());
          array.sort(null);
        });
    var _ =
        again(() -> {
          list.clear();
          list.addAll(MANY);
        });
  }

  @Test
  void whatIsComparedMayBeChangedByOthers() {
    turnAndFill();
    List<Integer> plain = new ArrayList<>(MANY);
    int equal = 0;
    for (int i = 0; i < TIMES || equal == 0; i++) { // they are equal now and then
      boolean isEqual = array.equals(list) || list.equals(array);
      boolean isIn = List.of(array).contains(list) || List.of(list).contains(array);
      boolean isAll = list.containsAll(array) && array.containsAll(list);
      equal += isEqual || isIn || isAll || plain.equals(list) ? 1 : 0;
    }
    isOver.set(true);
    assertThat(equal).isPositive();
  }

  @Test
  void whoGoesOverThemSeesOneMoment() {
    turnAndFill();
    List<Integer> backwards = new ArrayList<>(MANY);
    Collections.reverse(backwards);
    for (int i = 0; i < TIMES; i++) {
      List<Integer> turned = new ArrayList<>();
      array.forEach(turned::add);
      assertThat(turned).isIn(MANY, backwards);
      assertThat(list.stream().toList()).isIn(List.of(), MANY);
      assertThat(List.of(array.toString())).isSubsetOf(MANY.toString(), backwards.toString());
      assertThat(list.hashCode()).isIn(List.of().hashCode(), MANY.hashCode());
    }
  }

  /// Each asks the other while it is asked.
  @Test
  void listAndArrayAreComparedCrosswise() throws Exception {
    List<Callable<Boolean>> both = List.of(() -> agrees(list, array), () -> agrees(array, list));
    for (Future<Boolean> each : threads.invokeAll(both)) {
      assertThat(each.get()).isTrue();
    }
  }

  private static boolean agrees(List<Integer> one, List<Integer> other) {
    boolean isSo = true;
    for (int i = 0; i < TIMES; i++) {
      isSo &= one.equals(other) && one.containsAll(other) && !one.retainAll(other);
    }
    return isSo;
  }

  /// Those who use the collection meanwhile do not wait, and what they have added is asked about, too.
  @Test
  void filterIsAskedOnceForEachElement() {
    for (Collection<String> collection :
        List.of(new ServedList<>(List.of("a", "b", "a")), new ServedSet<>(List.of("a", "b")))) {
      List<String> asked = new ArrayList<>();
      boolean isAny =
          collection.removeIf(element -> {
            if (asked.isEmpty()) {
              collection.remove("b");
              collection.add("c");
            }
            asked.add(element);
            return !element.equals("c");
          });
      assertThat(isAny).isTrue();
      assertThat(collection).containsExactly("c");
      assertThat(asked).containsExactlyInAnyOrder("a", "b", "c");
      assertThat(collection.removeIf(element -> false)).isFalse();
    }
  }

  /// Each look of the order changes the list, as others may all the time.
  @Test
  void sortEndsThoughTheListChangesAllTheTime() {
    for (List<Integer> changing : List.of(list, array)) {
      changing.sort((one, other) -> {
        changing.set(0, changing.getFirst() + 1_000);
        return Integer.compare(other, one);
      });
      assertThat(changing.subList(1, 298)).isSortedAccordingTo(Comparator.reverseOrder());
      changing.replaceAll(each -> {
        changing.set(0, changing.getFirst() + 1_000);
        return -1;
      });
      assertThat(changing).hasSize(300).containsOnly(-1);
    }
  }

  /// Each holds its list in the ninth try, and then asks the other: if both could, for ever.
  @Test
  void functionsThatAskEachOthersListsEnd() throws Exception {
    List<Integer> one = new ServedList<>(List.of(1));
    List<Integer> other = new ServedArray<>(List.of(1));
    CountDownLatch holding = new CountDownLatch(2);
    Future<?> there = threads.submit(() -> askWhileHeld(one, other, holding));
    Future<?> back = threads.submit(() -> askWhileHeld(other, one, holding));
    there.get(30, TimeUnit.SECONDS);
    back.get(30, TimeUnit.SECONDS);
    assertThat(holding.getCount()).as("both came to their ninth try").isZero();
    assertThat(one).isEqualTo(other).containsExactly(-1);
  }

  private static void askWhileHeld(
      List<Integer> changed, List<Integer> asked, CountDownLatch holding) {
    AtomicInteger tries = new AtomicInteger();
    changed.replaceAll(each -> {
      changed.set(0, each + 1_000); // as others would
      if (tries.incrementAndGet() < 9) {
        return 0;
      }
      awaitOther(holding);
      return -asked.size();
    });
  }

  /// As long as it takes the other to come, if it may.
  private static void awaitOther(CountDownLatch holding) {
    holding.countDown();
    try {
      boolean _ = holding.await(200, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void emptyListHasNoFirst() {
    List<Integer> empty = new ServedList<>(List.of());
    assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(empty::getFirst);
    assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(empty::getLast);
    assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(empty::removeFirst);
    assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(empty::removeLast);
    assertThat(list.removeFirst() + list.removeLast()).isEqualTo(299);
    assertThat(list).isEqualTo(MANY.subList(1, 299));
  }

  @Test
  void arrayIsRefusedAnotherLength() {
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> array.add(1))
        .withMessage("an array has a fixed length: length=300");
    assertThat(array.addAll(List.of())).isFalse();
    assertThat(array).isEqualTo(MANY);
  }
}

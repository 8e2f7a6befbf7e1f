package io.procession.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Callbacks in the order in which results came, though these are decoded side by side.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class CallbackLaneTest {
  private final CallbackLane lane = new CallbackLane();
  private final List<String> told = Collections.synchronizedList(new ArrayList<>());

  private void tell(String text, CallbackLane.Place place) {
    lane.expect();
    lane.run(() -> told.add(text), place);
  }

  private void tellLate(String text) throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    lane.expect();
    lane.run(
        () -> {
          told.add(text);
          done.countDown();
        },
        null);
    done.await();
  }

  @Test
  void whoIsDecodedFirstWaitsForWhoCameFirst() throws Exception {
    CallbackLane.Place first = lane.arrive();
    CallbackLane.Place second = lane.arrive();
    tell("second", second);
    lane.settled(second);
    tellLate("of no place");
    assertThat(told).containsExactly("of no place");
    tell("first", first);
    tell("first, too", first);
    lane.settled(first);
    lane.awaitIdle();
    assertThat(told).containsExactly("of no place", "first", "first, too", "second");
  }

  @Test
  void whoHasNothingToTellHoldsNobodyUp() throws Exception {
    CallbackLane.Place quiet = lane.arrive();
    CallbackLane.Place other = lane.arrive();
    tell("other", other);
    lane.settled(other);
    lane.settled(quiet);
    lane.awaitIdle();
    assertThat(told).containsExactly("other");
    tell("late", other);
    lane.awaitIdle();
    assertThat(told).containsExactly("other", "late");
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 100})
  void manyThreadsChangeNothing(int rounds) throws Exception {
    List<String> expected = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      CallbackLane.Place place = lane.arrive();
      String text = "result " + i;
      expected.add(text);
      lane.expect();
      threads.add(
          Thread.ofVirtual()
              .unstarted(() -> {
                lane.run(() -> told.add(text), place);
                lane.settled(place);
              }));
    }
    for (Thread thread : threads.reversed()) {
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    lane.awaitIdle();
    assertThat(told).isEqualTo(expected);
  }
}

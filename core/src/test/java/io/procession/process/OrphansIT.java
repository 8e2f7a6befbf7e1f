package io.procession.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.procession.testing.ChildJvm;
import io.procession.testing.Deadlines;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// However and whenever a session's first process ends, all others end.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class OrphansIT {
  private static final int ENDS = Integer.getInteger("procession.test.kills", 1);
  private static final int MOST_MILLIS =
      500; // while trees are being started, and when they are there

  enum Way {
    RETURN(0),
    THROW(1),
    EXIT(5),
    TERM(143),
    INT(130),
    KILL(137);

    final int code;

    Way(int code) {
      this.code = code;
    }
  }

  static Stream<Arguments> nobodyIsLeft() {
    return Arrays.stream(Way.values())
        .flatMap(way -> IntStream.rangeClosed(1, ENDS).mapToObj(seed -> Arguments.of(way, seed)));
  }

  @ParameterizedTest
  @MethodSource
  void nobodyIsLeft(Way way, int seed) throws Exception {
    int delay = new Random(seed).nextInt(MOST_MILLIS);
    try (ChildJvm first =
        ChildJvm.body(() -> startAndEnd(way, delay))
            .through("env", "--default-signal=INT") // it may be ignored where the tests run
            .start()) {
      first.awaitLine("starting");
      if (way == Way.TERM || way == Way.INT || way == Way.KILL) {
        TimeUnit.MILLISECONDS.sleep(delay); // the moment is the test's input
        new ProcessBuilder("kill", "-" + way, "" + first.pid()).start().waitFor();
      }
      assertThat(first.join()).isEqualTo(way.code);
      await()
          .atMost(Deadlines.LONG)
          .untilAsserted(() -> assertThat(Descendants.of(first.pid())).isEmpty());
    }
  }

  @Test
  void nobodyIsLeftThatHasNoMemoryForIt() throws Exception {
    try (ChildJvm first = ChildJvm.body(OrphansIT::startHoarder).start()) {
      first.awaitLine("full");
      first.kill();
      await()
          .atMost(Deadlines.LONG)
          .untilAsserted(() -> assertThat(Descendants.of(first.pid())).isEmpty());
    }
  }

  private static void startHoarder() throws InterruptedException {
    LaunchOptions small = LaunchOptions.defaults().withMaxHeap(16 << 20);
    JvmProcess.of(small, OrphansIT::hoard).start();
    sleep();
  }

  /// Uses up all the heap there is, and says so without any.
  private static void hoard() {
    byte[] word = "full\n".getBytes(StandardCharsets.UTF_8);
    Object[] hoarded = {};
    int size = 1 << 16;
    System.out.write(word, 0, 0);
    while (size > 0) {
      try {
        Object[] next = new Object[size];
        next[0] = hoarded;
        hoarded = next;
      } catch (OutOfMemoryError e) {
        size /= 2;
      }
    }
    System.out.write(word, 0, word.length);
    System.out.flush();
    while (hoarded != null) {
      LockSupport.park(hoarded);
    }
  }

  private static void startAndEnd(Way way, int delay) throws InterruptedException {
    System.out.println("starting");
    for (int i = 0; i < 2; i++) {
      JvmProcess tree =
          JvmProcess.of(() -> {
            JvmProcess.of(OrphansIT::sleep).start();
            sleep();
          });
      tree.setDaemon(true);
      tree.start();
    }
    JvmProcess.of(() -> {}).start(); // is joined by an end in order
    switch (way) {
      case RETURN -> TimeUnit.MILLISECONDS.sleep(delay);
      case THROW -> {
        TimeUnit.MILLISECONDS.sleep(delay);
        throw new IllegalStateException("what the test wants");
      }
      case EXIT -> {
        TimeUnit.MILLISECONDS.sleep(delay);
        System.exit(way.code);
      }
      case TERM, INT, KILL -> sleep();
    }
  }

  private static void sleep() throws InterruptedException {
    TimeUnit.HOURS.sleep(1);
  }
}

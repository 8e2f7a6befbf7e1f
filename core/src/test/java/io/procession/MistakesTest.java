package io.procession;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.procession.pool.ProcessPool;
import io.procession.process.LaunchOptions;
import io.procession.queue.BufferedQueue;
import io.procession.queue.JoinableQueue;
import io.procession.queue.QueueOptions;
import io.procession.queue.SharedQueue;
import io.procession.serial.SerializableCallable;
import io.procession.serial.SerializableFunction;
import io.procession.shared.SharedArray;
import io.procession.shared.SharedValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// Mistakes that a newcomer makes, and what he reads then: mistake -> text.
class MistakesTest {
  private final Map<String, ThrowingCallable> made = new LinkedHashMap<>();

  /// @param text what is read, `TYPE: MESSAGE`; numbers of names are not looked at
  private void mistake(String text, ThrowingCallable call) {
    assertThat(made.put(text, call)).isNull();
  }

  private void look() {
    var all = new SoftAssertions();
    made.forEach((text, call) -> {
      Throwable thrown = catchThrowable(call);
      String told =
          thrown == null
              ? "nothing"
              : thrown.getClass().getSimpleName() + ": " + thrown.getMessage();
      all.assertThat(told.replaceAll("(queue|array|buffer)-\\d+", "$1-N")).isEqualTo(text);
    });
    all.assertAll();
  }

  @Test
  void ofQueues() {
    try (SharedQueue<Integer> queue = SharedQueue.create();
        JoinableQueue<Integer> joinable = JoinableQueue.create();
        BufferedQueue<Integer> buffered = BufferedQueue.create()) {
      mistake("NoSuchElementException: queue-N is empty", queue::remove);
      look();
      made.clear();
      mistake("NoSuchElementException: queue-N is empty", joinable::element);
      mistake("NoSuchElementException: buffer-N is empty", buffered::remove);
      look();
    }
  }

  @Test
  void ofArrays() {
    try (SharedArray<Integer> array = SharedArray.of(1, 2, 3)) {
      String fixed = "UnsupportedOperationException: an array has a fixed length: length=3";
      for (ThrowingCallable call :
          new ThrowingCallable[] {
            () -> array.asList().add(4),
            () -> array.asList().removeLast(),
            () -> array.asList().clear(),
            () -> array.asList().removeIf(_ -> true)
          }) {
        made.clear();
        mistake(fixed, call);
        look();
      }
      made.clear();
      String type =
          "IllegalArgumentException: the elements are of another type: asked for long,"
              + " array=SharedArray[array-N, int[3]]; call what is for their type";
      mistake(type, () -> array.setLong(0, 1));
      look();
      assertThat(array.asList()).containsExactly(1, 2, 3);
    }
  }

  @Test
  void ofWhatIsClosed() {
    SharedQueue<Integer> closed = SharedQueue.create();
    closed.close();
    SerializableCallable<Object> task = () -> closed.take();
    try (SharedQueue<Object> queue = SharedQueue.create()) {
      Throwable told = catchThrowable(() -> queue.put(task));
      assertThat(told)
          .hasMessageMatching(
              "a queue that is closed or destroyed cannot be sent: queue=queue-\\d+"
                  + " \\(captured variable closed \\(argument 1, .*SharedQueue\\) of the lambda at"
                  + " MistakesTest.java:\\d+\\)");
    }
  }

  @Test
  @SuppressWarnings("NullAway") // the mistake
  void ofNulls() {
    try (SharedArray<Integer> array = SharedArray.of(1, 2, 3);
        ProcessPool pool = Procession.dummy().pool(1)) {
      SerializableFunction<Integer, Integer> function = x -> x;
      nulls(
          "function",
          () -> pool.map((SerializableFunction<Integer, Integer>) null, List.of(1)),
          () -> pool.mapAsync((SerializableFunction<Integer, Integer>) null, List.of(1)),
          () -> pool.imap((SerializableFunction<Integer, Integer>) null, List.of(1)),
          () -> pool.apply((SerializableFunction<Integer, Integer>) null, 1),
          () -> pool.applyAsync((SerializableFunction<Integer, Integer>) null, 1));
      nulls("inputs", () -> pool.map(function, null), () -> pool.imap(function, null));
      nulls("value", () -> array.set(0, null), () -> array.asList().set(0, null));
      nulls("initial", () -> SharedValue.of(null));
      nulls("options", () -> SharedQueue.create((QueueOptions) null));
    }
  }

  private void nulls(String name, ThrowingCallable... calls) {
    for (ThrowingCallable call : calls) {
      made.clear();
      mistake("NullPointerException: " + name + " must not be null", call);
      look();
    }
  }

  @Test
  void ofLaunches() {
    LaunchOptions options = LaunchOptions.defaults();
    mistake(
        "IllegalArgumentException: maxHeap must be 0, or 2097152 or more: maxHeap=64; it is in"
            + " bytes: 64L << 20 is 64 MiB; 0 leaves the choice to the library",
        () -> options.withMaxHeap(64));
    mistake(
        "IllegalArgumentException: a JVM flag must be a word of its own: flag=-Xmx64m -Xss1m; hand"
            + " in several: withJvmFlags(\"-Xmx64m\", …)",
        () -> options.withJvmFlags("-Xmx64m -Xss1m"));
    look();
  }
}

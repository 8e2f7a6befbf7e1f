package io.procession.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.procession.internal.arena.Session;
import io.procession.process.JvmProcess;
import io.procession.queue.SharedQueue;
import io.procession.sync.SharedEvent;
import io.procession.testing.Deadlines;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Memory that one process destroys while another has views of it.
@Tag("platforms")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class DestroyedElsewhereIT {
  private static final int STRANGERS = 20;
  private static final int PATTERN = 0x5AFE5AFE;

  /// Elements that fit into the object's cell, and that take units of their own.
  @ParameterizedTest
  @ValueSource(ints = {4, 100_000})
  void aStaleViewReachesNoStranger(int length) throws Exception {
    int cells = Session.current().directory().inUse();
    int units = Session.current().units().inUse();
    SharedArray<Integer> array = SharedArray.raw(ElementType.INT, length);
    SharedQueue<String> said = SharedQueue.create();
    SharedEvent destroyed = SharedEvent.create();
    SharedEvent looked = SharedEvent.create();
    JvmProcess other =
        JvmProcess.of(() -> {
          IntBuffer buffer = array.intBuffer();
          MemorySegment segment = array.segment();
          said.put("attached");
          destroyed.await();
          for (int i = 0; i < length; i++) {
            buffer.put(i, -1);
            segment.setAtIndex(ValueLayout.JAVA_INT, i, -1);
          }
          try {
            said.put("unexpected: " + array.get(0));
          } catch (IllegalStateException e) {
            said.put(String.valueOf(e.getMessage()));
          }
          looked.await();
          array.close();
          try {
            buffer.put(0, -1);
            said.put("unexpected: written");
          } catch (IllegalStateException e) {
            said.put("closed");
          }
        });
    other.start();
    assertThat(next(said)).isEqualTo("attached");
    array.destroy();
    assertThatIllegalStateException()
        .isThrownBy(() -> array.get(0))
        .withMessageContaining("destroyed");
    List<SharedArray<Integer>> strangers = new ArrayList<>();
    for (int i = 0; i < STRANGERS; i++) {
      SharedArray<Integer> stranger = SharedArray.raw(ElementType.INT, length);
      stranger.fill(PATTERN);
      strangers.add(stranger);
    }
    destroyed.set();
    assertThat(next(said)).startsWith("destroyed: memory=");
    for (SharedArray<Integer> stranger : strangers) {
      assertThat(stranger.stream()).containsOnly(PATTERN);
      stranger.destroy();
    }
    looked.set();
    assertThat(next(said)).isEqualTo("closed");
    other.close();
    said.destroy();
    destroyed.destroy();
    looked.destroy();
    await()
        .atMost(Deadlines.LONG)
        .untilAsserted(() -> {
          // not more: what earlier tests have left may go meanwhile
          assertThat(Session.current().directory().inUse()).isLessThanOrEqualTo(cells);
          assertThat(Session.current().units().inUse()).isLessThanOrEqualTo(units);
        });
  }

  private static String next(SharedQueue<String> said) throws InterruptedException {
    return String.valueOf(said.poll(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS));
  }
}

package io.procession.internal.ring;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.Session;
import io.procession.internal.posix.Until;
import io.procession.testing.Body;
import io.procession.testing.ChildJvm;
import io.procession.testing.Deadlines;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The longest messages.
class RingSizesIT {
  private static final long NEEDED_KIB = 3L << 20;

  @Test
  void sixtyFourMebibytes() throws Exception {
    int length = 64 << 20;
    MessageRing ring = ring();
    byte[] message = new byte[length];
    message[0] = 1;
    message[length / 2] = 2;
    message[length - 1] = 3;
    assertThat(ring.put(message, 0, length, Until.NOW)).isEqualTo(MessageRing.Outcome.DONE);
    byte[] taken = requireNonNull(ring.take(Until.NOW));
    assertThat(taken.length).isEqualTo(length);
    assertThat(taken[0]).isEqualTo((byte) 1);
    assertThat(taken[length / 2]).isEqualTo((byte) 2);
    assertThat(taken[length - 1]).isEqualTo((byte) 3);
    ring.destroy();
  }

  /// A machine that has to fetch its memory from its host takes seconds for each GiB that it has not
  /// had before: so there is none but the ring's own, and time for that.
  @Test
  @Timeout(180)
  void asLongAsCanBe() throws Exception {
    assumeTrue(availableKib() >= NEEDED_KIB, "needs 3 GiB of free memory");
    try (ChildJvm child = ChildJvm.body(new Longest()).start()) {
      child.succeed(Deadlines.LONG.multipliedBy(6));
    }
  }

  private record Longest() implements Body {
    @Override
    public void run() throws Throwable {
      passLongest();
    }
  }

  private static void passLongest() throws Throwable {
    int length = SegmentLayout.MAX_MESSAGE;
    long[] looked = {0, length / 2, length - 1};
    MemorySegment memory = FoldedMemory.of(length + 1L, looked);
    MessageRing ring = ring();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ring.put(memory, Until.NOW))
        .withMessageContaining("length=" + (length + 1));

    MemorySegment message = memory.asSlice(0, length);
    for (int i = 0; i < looked.length; i++) {
      message.set(JAVA_BYTE, looked[i], (byte) (i + 1));
    }
    assertThat(ring.put(message, Until.NOW)).isEqualTo(MessageRing.Outcome.DONE);
    FoldedMemory.clear(message, looked);
    assertThat(ring.takeInto(message.asSlice(1))).isEqualTo(MessageRing.NOT_TAKEN);
    assertThat(ring.takeInto(message)).isEqualTo(length);
    for (int i = 0; i < looked.length; i++) {
      assertThat(message.get(JAVA_BYTE, looked[i])).isEqualTo((byte) (i + 1));
    }
    ring.destroy();
  }

  private static MessageRing ring() {
    RingLimits limits = new RingLimits(RingLimits.UNBOUNDED, 3L << 30, RingLimits.AtLimit.THROW);
    return MessageRing.create(Session.current(), CellKind.QUEUE, "long", limits, false);
  }

  private static long availableKib() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
      if (line.startsWith("MemAvailable:")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    return 0;
  }
}

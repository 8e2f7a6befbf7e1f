package io.procession.internal.ring;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.Session;
import io.procession.internal.posix.Until;
import io.procession.testing.Body;
import io.procession.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// The longest messages.
class RingSizesIT {
  private static final long NEEDED_KIB = 8L << 20;

  @Test
  void sixtyFourMebibytes() throws Exception {
    passes(64 << 20);
  }

  @Test
  void asLongAsCanBe() throws Exception {
    assumeTrue(availableKib() >= NEEDED_KIB, "needs 8 GiB of free memory");
    try (ChildJvm child =
        ChildJvm.body(new Passing(SegmentLayout.MAX_MESSAGE)).flags("-Xmx5g").start()) {
      child.succeed();
    }
  }

  private record Passing(int length) implements Body {
    @Override
    public void run() throws InterruptedException {
      passes(length);
    }
  }

  private static void passes(int length) throws InterruptedException {
    RingLimits limits = new RingLimits(RingLimits.UNBOUNDED, 3L << 30, RingLimits.AtLimit.THROW);
    MessageRing ring = MessageRing.create(Session.current(), CellKind.QUEUE, "long", limits, false);
    put(ring, length);
    byte[] taken = requireNonNull(ring.take(Until.NOW));
    assertThat(taken.length).isEqualTo(length);
    assertThat(taken[0]).isEqualTo((byte) 1);
    assertThat(taken[length / 2]).isEqualTo((byte) 2);
    assertThat(taken[length - 1]).isEqualTo((byte) 3);
    ring.destroy();
  }

  private static void put(MessageRing ring, int length) throws InterruptedException {
    byte[] message = new byte[length + 1];
    message[0] = 1;
    message[length / 2] = 2;
    message[length - 1] = 3;
    if (length == SegmentLayout.MAX_MESSAGE) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> ring.put(message, 0, length + 1, Until.NOW))
          .withMessageContaining("length=" + (length + 1));
    }
    assertThat(ring.put(message, 0, length, Until.NOW)).isEqualTo(MessageRing.Outcome.DONE);
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

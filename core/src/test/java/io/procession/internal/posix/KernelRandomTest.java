package io.procession.internal.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KernelRandomTest {
  @Test
  void asManyBytesAsAreAskedFor() {
    assertThat(KernelRandom.bytes(0)).isEmpty();
    assertThat(KernelRandom.bytes(10_000)).hasSize(10_000).contains(0, 127, -128);
  }

  @Test
  void noneComesAgain() {
    Set<Long> seen = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      seen.add(KernelRandom.nextLong());
    }
    assertThat(seen).hasSize(1_000);
  }
}

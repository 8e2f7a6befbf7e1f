package io.procession.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

class WarmUpTest {
  private final List<Double> lengths = new ArrayList<>();

  private int steps(double... figures) throws Exception {
    Iterator<Double> each = Arrays.stream(figures).iterator();
    return WarmUp.run(
        2,
        seconds -> {
          lengths.add(seconds);
          return each.next();
        });
  }

  @Test
  void whatIsWarmTakesOneStepMoreThanAskedFor() throws Exception {
    assertThat(steps(100, 105, 101)).isEqualTo(3);
    assertThat(lengths).containsExactly(1.0, 1.0, 1.0);
  }

  @Test
  void whatGetsSlowerIsWarm() throws Exception {
    assertThat(steps(100, 50, 60)).isEqualTo(3);
  }

  @Test
  void goesOnWhileItGetsClearlyQuicker() throws Exception {
    assertThat(steps(1, 2, 40, 300, 310, 305)).isEqualTo(6);
  }

  @Test
  void aStepThatWasHeldUpIsNoEnd() throws Exception {
    assertThat(steps(100, 20, 200, 210, 205)).isEqualTo(5);
  }

  @Test
  void comesToItsEnd() throws Exception {
    assertThat(steps(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048)).isEqualTo(12);
  }
}

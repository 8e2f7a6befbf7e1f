package io.procession.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(240)
class HelloIT {
  @Test
  void computesSquaresInOtherProcesses() throws Exception {
    Program run = Program.run("io.procession.examples.Hello");

    assertThat(run.output()).isEqualToNormalizingNewlines("[1, 4, 9]\n");
    assertThat(run.status()).isZero();
  }
}

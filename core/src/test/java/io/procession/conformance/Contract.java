package io.procession.conformance;

import io.procession.testing.Deadlines;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;

/// What all contracts have: a way of running that makes their objects.
abstract class Contract {
  /// What shall happen has happened by then, though others use this machine as well.
  static final Duration LONG = Deadlines.LONG.multipliedBy(3);

  abstract Way way();

  final Peer peer(int number) {
    return way().peer(number);
  }

  @AfterEach
  final void clean() {
    way().clean();
  }
}

package io.procession.conformance;

import io.procession.context.Context;
import io.procession.serial.SerializableCallable;
import org.junit.jupiter.api.BeforeAll;

/// Children of the fork server.
class ForkserverConformanceIT extends ContextConformance {
  private static final SpareEnd SPARES = new SpareEnd();

  @BeforeAll
  static void count() {
    SPARES.begin();
  }

  @Override
  SerializableCallable<Context> context() {
    return Context::forkserver;
  }

  @Override
  void afterwards() {
    SPARES.end();
  }
}

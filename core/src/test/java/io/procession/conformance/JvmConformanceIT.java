package io.procession.conformance;

import io.procession.context.Context;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;

/// What children have for being JVMs of their own, however they are started; the platform is all one.
@Timeout(180)
class JvmConformanceIT {
  private static final SpareEnd SPARES = new SpareEnd();

  @BeforeAll
  static void begin() {
    SPARES.begin();
  }

  @AfterAll
  static void endSpares() {
    SPARES.end();
  }

  @Nested
  @TestInstance(Lifecycle.PER_CLASS)
  class Spawned extends JvmContract {
    private final Way way = new ContextWay(Context::spawn);

    Spawned() throws Exception {}

    @Override
    Way way() {
      return way;
    }
  }

  @Nested
  @TestInstance(Lifecycle.PER_CLASS)
  class OfTheForkserver extends JvmContract {
    private final Way way = new ContextWay(Context::forkserver);

    OfTheForkserver() throws Exception {}

    @Override
    Way way() {
      return way;
    }
  }
}

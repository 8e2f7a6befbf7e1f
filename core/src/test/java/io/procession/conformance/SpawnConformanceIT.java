package io.procession.conformance;

import io.procession.context.Context;
import io.procession.serial.SerializableCallable;

/// Children that are spawned.
class SpawnConformanceIT extends ContextConformance {
  @Override
  SerializableCallable<Context> context() {
    return Context::spawn;
  }
}

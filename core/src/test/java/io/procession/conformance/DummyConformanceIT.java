package io.procession.conformance;

import io.procession.context.Context;
import io.procession.serial.SerializableCallable;

/// Children that are threads of this JVM.
class DummyConformanceIT extends ContextConformance {
  @Override
  SerializableCallable<Context> context() {
    return Context::dummy;
  }
}

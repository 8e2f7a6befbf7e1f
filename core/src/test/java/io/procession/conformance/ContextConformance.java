package io.procession.conformance;

import io.procession.context.Context;
import io.procession.serial.SerializableCallable;
import org.junit.jupiter.api.Nested;

/// The contracts of a context: those that hold for every way of running, and those of its own objects.
abstract class ContextConformance extends Conformance {
  abstract SerializableCallable<Context> context();

  @Override
  final Way open() throws Exception {
    return new ContextWay(context());
  }

  @Nested
  class Processes extends ProcessContract {
    @Override
    Way way() {
      return ContextConformance.this.way();
    }
  }

  @Nested
  class Lifetimes extends LifetimeContract {
    @Override
    Way way() {
      return ContextConformance.this.way();
    }
  }

  @Nested
  class Pipes extends PipeContract {
    @Override
    Way way() {
      return ContextConformance.this.way();
    }
  }

  @Nested
  class Connections extends ConnectionContract {
    @Override
    Way way() {
      return ContextConformance.this.way();
    }
  }

  @Nested
  class Listeners extends ListenerContract {
    @Override
    Way way() {
      return ContextConformance.this.way();
    }
  }

  @Nested
  class SharedMemories extends SharedMemoryContract {
    @Override
    Way way() {
      return ContextConformance.this.way();
    }
  }

  @Nested
  class Managers extends ManagerContract {
    @Override
    Way way() {
      return ContextConformance.this.way();
    }
  }

  @Nested
  class Logs extends LoggingContract {
    @Override
    Way way() {
      return ContextConformance.this.way();
    }
  }

  @Nested
  class SimpleQueues extends SimpleQueueContract {
    @Override
    Way way() {
      return ContextConformance.this.way();
    }
  }

  @Nested
  class ProcessQueues extends ProcessQueueContract {
    @Override
    Way way() {
      return ContextConformance.this.way();
    }
  }

  @Nested
  class OwnedSemaphores extends OwnedSemaphoreContract {
    @Override
    Way way() {
      return ContextConformance.this.way();
    }
  }
}

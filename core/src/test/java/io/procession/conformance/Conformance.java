package io.procession.conformance;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;

/// The contracts that hold for every way of running. A subclass is one way; its peers serve all cases.
@TestInstance(Lifecycle.PER_CLASS)
@Tag("platforms")
@Timeout(180)
abstract class Conformance {
  private @Nullable Way way;

  abstract Way open() throws Exception;

  @BeforeAll
  final void begin() throws Exception {
    way = open();
  }

  @AfterAll
  final void end() throws Exception {
    way().close();
    afterwards();
  }

  /// Runs when the peers have ended.
  void afterwards() {}

  final Way way() {
    return requireNonNull(way);
  }

  @Nested
  class Locks extends LockContract {
    @Override
    Way way() {
      return Conformance.this.way();
    }
  }

  @Nested
  class ReentrantLocks extends ReentrantLockContract {
    @Override
    Way way() {
      return Conformance.this.way();
    }
  }

  @Nested
  class Semaphores extends SemaphoreContract {
    @Override
    Way way() {
      return Conformance.this.way();
    }
  }

  @Nested
  class Conditions extends ConditionContract {
    @Override
    Way way() {
      return Conformance.this.way();
    }
  }

  @Nested
  class Events extends EventContract {
    @Override
    Way way() {
      return Conformance.this.way();
    }
  }

  @Nested
  class Barriers extends BarrierContract {
    @Override
    Way way() {
      return Conformance.this.way();
    }
  }

  @Nested
  class Values extends ValueContract {
    @Override
    Way way() {
      return Conformance.this.way();
    }
  }

  @Nested
  class Structs extends StructContract {
    @Override
    Way way() {
      return Conformance.this.way();
    }
  }

  @Nested
  class Arrays extends ArrayContract {
    @Override
    Way way() {
      return Conformance.this.way();
    }
  }

  @Nested
  class Queues extends QueueContract {
    @Override
    Way way() {
      return Conformance.this.way();
    }
  }

  @Nested
  class JoinableQueues extends JoinableQueueContract {
    @Override
    Way way() {
      return Conformance.this.way();
    }
  }

  @Nested
  class Pools extends PoolContract {
    @Override
    Way way() {
      return Conformance.this.way();
    }
  }
}

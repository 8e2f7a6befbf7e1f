package io.procession.examples.census;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Adds up a [Tally] without a copy for each step. For one thread.
final class TallyBuilder {
  private final Map<String, ModuleTally> modules = new HashMap<>();
  private final Map<String, Long> calls = new HashMap<>();
  private @Nullable SizedMethod largest;

  TallyBuilder add(Tally tally) {
    tally.modules().forEach(this::addModule);
    tally.calls().forEach(this::addCalls);
    if (tally.largest() != null) {
      addMethod(tally.largest());
    }
    return this;
  }

  void addModule(String module, ModuleTally tally) {
    modules.merge(module, tally, ModuleTally::plus);
  }

  void addCalls(String method, long times) {
    calls.merge(method, times, Long::sum);
  }

  void addMethod(SizedMethod method) {
    if (largest == null || method.compareTo(largest) < 0) {
      largest = method;
    }
  }

  Tally build() {
    return new Tally(modules, calls, largest);
  }
}

package io.procession.pool;

import io.procession.internal.check.Require;
import java.util.Map;
import java.util.WeakHashMap;

/// What a pool knows of the functions of former maps, so that the next map of one need not feel its
/// way again. A guess is all it is: the same function may be given other inputs.
final class Paces {
  private final Map<Class<?>, Pace> known = new WeakHashMap<>(); // guarded by this

  synchronized Pace begin(Object function) {
    Require.notNull("function", function);
    Pace former = known.get(function.getClass());
    return former == null ? new Pace() : former.guess();
  }

  synchronized void end(Object function, Pace pace) {
    if (pace.nanosEach() > 0) {
      known.put(function.getClass(), pace.guess());
    }
  }
}

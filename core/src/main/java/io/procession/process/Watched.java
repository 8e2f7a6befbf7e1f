package io.procession.process;

import io.procession.internal.watch.Source;
import io.procession.internal.watch.Sources;

/// Lets a process be waited for together with other things. No lambda, since a young child registers it.
final class Watched implements Sources.Of<JvmProcess> {
  @Override
  public Source source(JvmProcess process) {
    return process.source();
  }
}

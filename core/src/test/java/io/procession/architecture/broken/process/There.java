package io.procession.architecture.broken.process;

import io.procession.architecture.broken.queue.Here;

/// The other half.
public interface There {
  Here here();
}

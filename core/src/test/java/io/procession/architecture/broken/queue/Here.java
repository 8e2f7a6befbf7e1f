package io.procession.architecture.broken.queue;

import io.procession.architecture.broken.process.There;

/// One half of a cycle between packages of one floor.
public interface Here {
  There there();
}

package io.procession.conformance;

import io.procession.context.Context;

/// Objects of a manager's server, used by children that are spawned.
class ManagerConformanceIT extends Conformance {
  @Override
  Way open() throws Exception {
    return new ManagerWay(Context::spawn);
  }
}

package io.procession.conformance;

import io.procession.context.Context;

/// Objects of a manager whose server is a thread of this JVM, as are those who use them.
class ManagerOfThreadsConformanceIT extends Conformance {
  @Override
  Way open() throws Exception {
    return new ManagerWay(Context::dummy);
  }
}

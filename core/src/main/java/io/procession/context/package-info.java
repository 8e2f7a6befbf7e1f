/// Every factory of the library in one object, for one way of running. Floor 8: imports everything
/// but the root.
@NullMarked
package io.procession.context;

import org.jspecify.annotations.NullMarked;

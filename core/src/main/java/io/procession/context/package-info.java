/// Every factory of the library in one object, for one way of running. Floor 8.
///
/// A [Context][io.procession.context.Context] makes processes, pools and managers by its own start method,
/// and all else as every other does.
@NullMarked
package io.procession.context;

import org.jspecify.annotations.NullMarked;

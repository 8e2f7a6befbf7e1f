/// What tests of processes need: child JVMs, deadlines, and watches over leaks and hangs.
@NullMarked
package io.procession.testing;

import org.jspecify.annotations.NullMarked;

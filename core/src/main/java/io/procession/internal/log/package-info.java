/// What the library itself logs. Floor 0: imports nothing of the library.
@NullMarked
package io.procession.internal.log;

import org.jspecify.annotations.NullMarked;

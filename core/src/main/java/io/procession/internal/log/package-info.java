/// What the library itself logs. Floor 0.
@NullMarked
package io.procession.internal.log;

import org.jspecify.annotations.NullMarked;

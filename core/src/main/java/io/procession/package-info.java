/// The front door: static methods, which are those of the [Context][io.procession.context.Context] that is
/// chosen. Floor 9.
@NullMarked
package io.procession;

import org.jspecify.annotations.NullMarked;

/// Breaks rules on purpose.
@NullMarked
package io.procession.architecture.broken;

import org.jspecify.annotations.NullMarked;

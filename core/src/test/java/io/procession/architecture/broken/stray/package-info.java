/// Breaks rules on purpose.
@NullMarked
package io.procession.architecture.broken.stray;

import org.jspecify.annotations.NullMarked;

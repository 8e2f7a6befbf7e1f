/// Breaks rules on purpose.
@NullMarked
package io.procession.architecture.broken.internal.posix;

import org.jspecify.annotations.NullMarked;

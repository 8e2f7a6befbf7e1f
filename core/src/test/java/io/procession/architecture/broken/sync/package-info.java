/// Breaks rules on purpose.
@NullMarked
package io.procession.architecture.broken.sync;

import org.jspecify.annotations.NullMarked;

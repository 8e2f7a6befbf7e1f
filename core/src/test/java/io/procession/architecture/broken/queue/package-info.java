/// Breaks rules on purpose.
@NullMarked
package io.procession.architecture.broken.queue;

import org.jspecify.annotations.NullMarked;

/// Breaks rules on purpose.
@NullMarked
package io.procession.architecture.broken.process;

import org.jspecify.annotations.NullMarked;

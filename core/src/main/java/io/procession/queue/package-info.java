/// Queues between processes. Floor 5: imports connection and what lies below it.
@NullMarked
package io.procession.queue;

import org.jspecify.annotations.NullMarked;

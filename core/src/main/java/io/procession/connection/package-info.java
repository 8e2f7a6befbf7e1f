/// Connections between processes: pipes. Floor 4: imports the rings and what lies below them.
@NullMarked
package io.procession.connection;

import org.jspecify.annotations.NullMarked;

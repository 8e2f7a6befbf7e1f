/// How records of logs get from child processes to the first one. Floor 4.
@NullMarked
package io.procession.internal.relay;

import org.jspecify.annotations.NullMarked;

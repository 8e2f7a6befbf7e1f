/// Random operations on everything processes share, while processes are killed.
@NullMarked
package io.procession.stress.soak;

import org.jspecify.annotations.NullMarked;

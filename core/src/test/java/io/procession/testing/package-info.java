/// What tests of processes need: child JVMs, deadlines, peers; leaks and hangs are watched by `procession-junit`.
@NullMarked
package io.procession.testing;

import org.jspecify.annotations.NullMarked;

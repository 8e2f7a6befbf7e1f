/// System calls as typed Java methods, and the portable stand-in beside them. Floor 0, and
/// the only package that names a linker. It knows nothing of locks or
/// queues, but what a process is: the JVM, or a few of its threads.
@NullMarked
package io.procession.internal.posix;

import org.jspecify.annotations.NullMarked;

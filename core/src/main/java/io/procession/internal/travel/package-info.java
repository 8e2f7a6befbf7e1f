/// Classes that travel: what a process of the session cannot find on its paths, it gets from the arena.
/// Floor 2.
@NullMarked
package io.procession.internal.travel;

import org.jspecify.annotations.NullMarked;

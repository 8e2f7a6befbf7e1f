/// The session's arena: one shared memory file with its allocator, layouts, participants and
/// doorbells, and the lock word and the waiting that everything above is made of. Floor 1.
@NullMarked
package io.procession.internal.arena;

import org.jspecify.annotations.NullMarked;

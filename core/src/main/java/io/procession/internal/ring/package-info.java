/// Message rings: queues of byte messages in the arena that any number of processes write and read,
/// and that survive the death of any of them. Floor 3.
@NullMarked
package io.procession.internal.ring;

import org.jspecify.annotations.NullMarked;

/// What processes synchronise with, as threads do with `java.util.concurrent.locks`. Floor 2.
///
/// A [SharedLock][io.procession.sync.SharedLock], and a
/// [SharedReentrantLock][io.procession.sync.SharedReentrantLock] that its holder may take again, outlive
/// a process that is killed while it holds it; a
/// [SharedCondition][io.procession.sync.SharedCondition] the death of those who wait; an
/// [OwnedSemaphore][io.procession.sync.OwnedSemaphore] that of those who have its permits. A
/// [SharedBarrier][io.procession.sync.SharedBarrier] breaks then. Nobody owns the permits of a
/// [SharedSemaphore][io.procession.sync.SharedSemaphore], nor a
/// [SharedEvent][io.procession.sync.SharedEvent].
///
/// Each time one is received there is one more object for the same lock, semaphore and so on. Such
/// copies are not `equals`, but what is done with one is done with all.
///
/// @serial exclude
@NullMarked
package io.procession.sync;

import org.jspecify.annotations.NullMarked;

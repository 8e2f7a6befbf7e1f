/// Objects that live in a server process and are used by many others, of this machine or another.
/// Floor 7.
///
/// [SyncManager][io.procession.manager.SyncManager] serves lists, maps, queues, locks and more;
/// [BaseManager][io.procession.manager.BaseManager] serves objects of one's own.
///
/// Inside, a class named `Served…` is what lives at the server, `…Proxy` what callers have of it.
///
/// @serial exclude
@NullMarked
package io.procession.manager;

import org.jspecify.annotations.NullMarked;

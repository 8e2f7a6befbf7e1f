/// Queues between processes. Floor 5.
///
/// [SharedQueue][io.procession.queue.SharedQueue] is a
/// [BlockingQueue][java.util.concurrent.BlockingQueue] of any number of senders and takers;
/// [JoinableQueue][io.procession.queue.JoinableQueue] also knows what is still to be done.
/// [SimpleQueue][io.procession.queue.SimpleQueue] and [PipeQueue][io.procession.queue.PipeQueue] have
/// what Python's of these names have, [PosixQueue][io.procession.queue.PosixQueue] is the kernel's.
/// [BufferedQueue][io.procession.queue.BufferedQueue] stands before any of them and sends from a thread
/// of its own. Each is a [ProcessQueue][io.procession.queue.ProcessQueue].
///
/// @serial exclude
@NullMarked
package io.procession.queue;

import org.jspecify.annotations.NullMarked;

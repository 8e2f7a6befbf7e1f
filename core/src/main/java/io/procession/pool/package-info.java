/// Pools of worker processes. Floor 6: imports processes, rings, the arena and the codec.
///
/// [ProcessPool][io.procession.pool.ProcessPool] runs tasks in JVMs of its own;
/// [PoolOptions][io.procession.pool.PoolOptions] say how many and what kind;
/// [AsyncResult][io.procession.pool.AsyncResult] is the future of one task.
///
/// @serial exclude
@NullMarked
package io.procession.pool;

import org.jspecify.annotations.NullMarked;

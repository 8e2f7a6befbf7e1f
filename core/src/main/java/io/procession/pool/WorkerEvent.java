package io.procession.pool;

import io.procession.process.DeathCertificate;
import org.jspecify.annotations.Nullable;

/// What a [PoolListener] hears of a worker.
///
/// A release may add components: read them by their accessors, not by patterns.
///
/// @param pool the name of the pool
/// @param worker the name of the worker
/// @param pid its process id
/// @param certificate how it ended, null if it has just been started
public record WorkerEvent(
    String pool, String worker, long pid, @Nullable DeathCertificate certificate) {}

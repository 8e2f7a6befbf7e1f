package io.procession.internal.order;

/// What a process runs that others use until they end: as a daemon it ends after its parent's other
/// daemons.
public interface EndsLast {}

package io.procession.architecture.broken.internal.posix;

/// A type that users must not meet.
public interface Inside {}

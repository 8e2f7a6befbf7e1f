package io.procession.serial;

import java.io.Serializable;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// A [Callable] that another process can call.
///
/// A lambda passed where a `SerializableCallable` is asked for needs no cast. One that was first
/// stored in a variable of type [Callable] is not serializable and cannot be sent.
///
/// @param <V> the type of the result
@FunctionalInterface
public interface SerializableCallable<V extends @Nullable Object>
    extends Callable<V>, Serializable {}

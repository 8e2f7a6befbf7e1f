package io.procession.internal.remote;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Of a method whose last argument is the class that its result is to be of. It is not sent, as a server may
/// not know it: the method without it is called, and the result cast at the caller.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface CastHere {}

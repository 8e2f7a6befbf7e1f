package io.procession.conformance;

import java.io.Serializable;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/// A condition of any way of running, with its lock.
record Turn(Condition condition, Lock lock) implements Serializable {}

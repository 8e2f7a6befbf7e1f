/// A model checker for what processes do to shared memory: participants are threads of one JVM, each
/// stopped before every access to a shared word, and the model tries the orders in which they may go
/// on, and the places where one of them may die.
///
/// It is sequentially consistent: that loads and stores of a processor may be seen in another order is
/// what jcstress is for. It knows no time: a wait ends by a wake-up or a doorbell, never by its time
/// slice, so a lost wake-up is a deadlock here and found.
@NullMarked
package io.procession.model;

import org.jspecify.annotations.NullMarked;

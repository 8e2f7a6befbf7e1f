/// The census: the class files of the running JDK, counted and verified by worker processes. Above
/// every floor of the library, like any user of it.
@NullMarked
package io.procession.examples.census;

import org.jspecify.annotations.NullMarked;

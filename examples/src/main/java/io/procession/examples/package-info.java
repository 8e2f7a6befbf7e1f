/// Small programs to read. Above every floor of the library, like any user of it.
@NullMarked
package io.procession.examples;

import org.jspecify.annotations.NullMarked;

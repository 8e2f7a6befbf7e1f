/// How objects of any kind take part in a wait for the first of many. Floor 2.
@NullMarked
package io.procession.internal.watch;

import org.jspecify.annotations.NullMarked;

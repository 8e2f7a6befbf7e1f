/// What is written in the stead of some objects. Floor 0.
@NullMarked
package io.procession.internal.swap;

import org.jspecify.annotations.NullMarked;

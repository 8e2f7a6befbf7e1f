/// Orders that a parent gives to what its child runs, by the pipe that ties the two. Floor 2: nobody below
/// knows what they mean.
@NullMarked
package io.procession.internal.order;

import org.jspecify.annotations.NullMarked;

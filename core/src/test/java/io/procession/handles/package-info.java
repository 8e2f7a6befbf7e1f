/// Tests of what is the same for all objects that are sent.
@NullMarked
package io.procession.handles;

import org.jspecify.annotations.NullMarked;

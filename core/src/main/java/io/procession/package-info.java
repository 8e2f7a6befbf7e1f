/// The front door. Floor 9: imports everything below, is imported by users only.
@NullMarked
package io.procession;

import org.jspecify.annotations.NullMarked;

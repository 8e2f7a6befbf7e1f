/// Checks of what callers hand in, with one wording for each rule. Floor 0.
@NullMarked
package io.procession.internal.check;

import org.jspecify.annotations.NullMarked;

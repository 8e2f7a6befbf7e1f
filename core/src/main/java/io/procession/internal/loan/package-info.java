/// Descriptors that go to other processes of the session. Floor 3: imports
/// system calls, the arena and the codec.
@NullMarked
package io.procession.internal.loan;

import org.jspecify.annotations.NullMarked;

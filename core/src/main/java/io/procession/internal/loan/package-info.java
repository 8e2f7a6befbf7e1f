/// Descriptors that go to other processes of the session. Floor 3.
@NullMarked
package io.procession.internal.loan;

import org.jspecify.annotations.NullMarked;

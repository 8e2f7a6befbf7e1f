/// How records that child processes log reach the handlers of the first process, and how a logging
/// framework takes part. Floor 2: imports bytes and what lies below them.
@NullMarked
package io.procession.logging;

import org.jspecify.annotations.NullMarked;

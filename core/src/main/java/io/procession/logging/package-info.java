/// How records that child processes log reach the handlers of the first process, and how a logging
/// framework takes part. Floor 2.
@NullMarked
package io.procession.logging;

import org.jspecify.annotations.NullMarked;

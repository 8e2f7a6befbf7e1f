/// Records that child processes log by Logback reach the appenders of the session's first process.
///
/// To be on the class path is all that it takes.
@NullMarked
package io.procession.logging.logback;

import org.jspecify.annotations.NullMarked;

/// Records that child processes log by Log4j 2 reach the appenders of the session's first process.
///
/// To be on the class path is all that it takes.
@NullMarked
package io.procession.logging.log4j;

import org.jspecify.annotations.NullMarked;

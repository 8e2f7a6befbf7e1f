/// Two participants of one arena in one JVM, for the tests by jcstress. These lie in the packages whose words
/// they try, since those are not public; on a class path nothing bars that.
@NullMarked
package io.procession.stress.words;

import org.jspecify.annotations.NullMarked;

/// Other ways of Java to do the same work, measured beside Procession.
@NullMarked
package io.procession.benchmarks.peers;

import org.jspecify.annotations.NullMarked;

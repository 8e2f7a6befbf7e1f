/// What a workload is, and the clocks and counters that measure one in a JVM.
@NullMarked
package io.procession.benchmarks.measure;

import org.jspecify.annotations.NullMarked;

/// The workloads: one class a family, each with Procession's side and the peers' of this JVM.
@NullMarked
package io.procession.benchmarks.workloads;

import org.jspecify.annotations.NullMarked;

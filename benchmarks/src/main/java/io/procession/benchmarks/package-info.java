/// Procession and its peers on the same workloads: the command line, the trials and the table.
///
/// Stands outside the library's floors: it uses what users use.
@NullMarked
package io.procession.benchmarks;

import org.jspecify.annotations.NullMarked;

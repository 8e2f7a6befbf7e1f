/// Micro-benchmarks of the parts that the whole-process figures are made of; run by JMH.
@NullMarked
package io.procession.benchmarks.micro;

import org.jspecify.annotations.NullMarked;

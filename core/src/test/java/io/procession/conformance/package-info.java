/// One suite that holds every way of running to the same contracts: children that are spawned, children
/// of the fork server, threads, and the objects of a manager. `docs/conformance.md` says which test of
/// CPython's suite each of them answers to.
@NullMarked
package io.procession.conformance;

import org.jspecify.annotations.NullMarked;

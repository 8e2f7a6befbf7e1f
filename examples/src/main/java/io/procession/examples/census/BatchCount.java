package io.procession.examples.census;

import java.io.Serializable;

/// What came back for one batch.
///
/// @param batch the batch's number
/// @param pid the process that counted it
/// @param tally what it counted
record BatchCount(int batch, long pid, Tally tally) implements Serializable {}

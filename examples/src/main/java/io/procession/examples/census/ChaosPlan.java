package io.procession.examples.census;

/// Whether a worker is killed while it works.
enum ChaosPlan {
  KILL_ONE_WORKER,
  LEAVE_ALL_ALIVE
}

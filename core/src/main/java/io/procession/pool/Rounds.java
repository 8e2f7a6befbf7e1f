package io.procession.pool;

/// When an overseer looks, and who waits for a worker in its stead.
interface Rounds {
  /// By the JVM's clock and its one timer; a virtual thread waits.
  Rounds OF_JVM =
      new Rounds() {
        @Override
        public long now() {
          return System.nanoTime();
        }

        @Override
        public void in(long nanos, Runnable round) {
          Alarm.in(nanos, round);
        }

        @Override
        public void aside(Runnable action) {
          Thread.ofVirtual().name("procession-pool-ending").start(action);
        }
      };

  /// The time, as of [System#nanoTime()].
  long now();

  /// Has a round begin later. It does not wait.
  void in(long nanos, Runnable round);

  /// Has something be done by a thread of its own.
  void aside(Runnable action);
}

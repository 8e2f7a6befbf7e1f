package io.procession.pool;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// The one thread of this JVM that looks after the pools' deadlines. It is there only while there are any.
final class Alarm {
  private static final ScheduledThreadPoolExecutor TIMER =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("procession-pool-watch").factory());

  static {
    TIMER.setKeepAliveTime(1, TimeUnit.SECONDS);
    TIMER.allowCoreThreadTimeOut(true);
  }

  private Alarm() {}

  /// Has something be done later. It must not wait.
  static void in(long nanos, Runnable action) {
    var _ = TIMER.schedule(action, nanos, TimeUnit.NANOSECONDS);
  }
}

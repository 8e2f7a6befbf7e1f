package io.procession.pool;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToLongFunction;
import javax.management.JMException;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/// A pool as a managed bean.
final class PoolBean implements PoolMXBean {
  private static final String PREFIX = "io.procession:type=ProcessPool,name=";
  private static final String SPECIAL = ",=:\"*?\n";
  private static final double MILLI = 1e6;

  /// Who asks for all attributes gets them of one moment, and the kernel is asked once.
  private static final long FRESH_NANOS = 100_000_000;

  private final ProcessPool pool;

  // guarded by this
  private @Nullable PoolStats latest;
  private long asked;

  private PoolBean(ProcessPool pool) {
    this.pool = pool;
  }

  /// Makes sure that a bean may have this name.
  ///
  /// @throws IllegalArgumentException if there is one
  static void requireFree(String name) {
    if (ManagementFactory.getPlatformMBeanServer().isRegistered(nameOf(name))) {
      throw new IllegalArgumentException(
          "another pool of this process is a bean of this name: name=" + name + "; use another");
    }
  }

  /// Makes it known.
  ///
  /// @return makes it unknown again
  /// @throws IllegalArgumentException if there is a bean of this name
  static Runnable register(ProcessPool pool, String name) {
    ObjectName full = nameOf(name);
    try {
      ManagementFactory.getPlatformMBeanServer().registerMBean(new PoolBean(pool), full);
      return () -> unregister(full);
    } catch (JMException e) {
      throw new IllegalArgumentException(
          "a pool cannot be a bean of this name: name=" + name + "; use letters, digits and -", e);
    }
  }

  /// The name as it is, if that is one value; else quoted.
  private static ObjectName nameOf(String name) {
    boolean isPlain = !name.isEmpty() && name.chars().noneMatch(c -> SPECIAL.indexOf(c) >= 0);
    try {
      return new ObjectName(PREFIX + (isPlain ? name : ObjectName.quote(name)));
    } catch (MalformedObjectNameException e) {
      throw new IllegalArgumentException(
          "a pool cannot be a bean of this name: name=" + name + "; use letters, digits and -", e);
    }
  }

  private synchronized PoolStats stats() {
    long now = System.nanoTime();
    PoolStats known = latest;
    if (known == null || now - asked > FRESH_NANOS) {
      known = pool.stats();
      latest = known;
      asked = now;
    }
    return known;
  }

  private static void unregister(ObjectName name) {
    try {
      ManagementFactory.getPlatformMBeanServer().unregisterMBean(name);
    } catch (JMException e) {
      // somebody else has done it
    }
  }

  @Override
  public long getSubmitted() {
    return stats().submitted();
  }

  @Override
  public long getFinished() {
    return stats().finished();
  }

  @Override
  public long getFailed() {
    return stats().failed();
  }

  @Override
  public long getCancelled() {
    return stats().cancelled();
  }

  @Override
  public long getRetried() {
    return stats().retried();
  }

  @Override
  public long getPending() {
    return stats().pending();
  }

  @Override
  public long getRunning() {
    return stats().running();
  }

  @Override
  public long getWorkersStarted() {
    return stats().workersStarted();
  }

  @Override
  public long getWorkersDied() {
    return stats().workersDied();
  }

  @Override
  public long getWorkersRecycled() {
    return stats().workersRecycled();
  }

  @Override
  public double getRate() {
    return stats().rate();
  }

  @Override
  public double getMedianMillis() {
    return millis(stats().median());
  }

  @Override
  public double getNinetyNinthMillis() {
    return millis(stats().ninetyNinth());
  }

  private static double millis(Duration time) {
    return time.toNanos() / MILLI;
  }

  @Override
  public Map<String, Long> getWorkerMemory() {
    return byName(PoolStats.WorkerStats::memory);
  }

  @Override
  public Map<String, Long> getWorkerTasks() {
    return byName(PoolStats.WorkerStats::tasks);
  }

  private Map<String, Long> byName(ToLongFunction<PoolStats.WorkerStats> value) {
    Map<String, Long> values = new LinkedHashMap<>();
    for (PoolStats.WorkerStats worker : stats().workers()) {
      values.put(worker.name(), value.applyAsLong(worker));
    }
    return values;
  }

  @Override
  public String dump() {
    return pool.dump();
  }
}

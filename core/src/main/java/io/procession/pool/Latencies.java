package io.procession.pool;

/// How long tasks take: counts in classes that grow by an eighth of their power of two. Guarded by the
/// dispatcher's lock.
final class Latencies {
  /// One task in so many is timed: a look at the clock costs as much as all else that is counted.
  static final int EVERY = 16;

  private static final int PARTS = 8;
  private static final int PART_BITS = 3;

  private final long[] counts = new long[Long.SIZE * PARTS];
  private long total;

  void add(long nanos) {
    counts[slot(Math.max(nanos, 1))]++;
    total++;
  }

  /// The time that a share of all does not exceed, 0 if there is none.
  long percentile(double share) {
    long rank = (long) Math.ceil(share * total);
    long seen = 0;
    for (int slot = 0; slot < counts.length && rank > 0; slot++) {
      seen += counts[slot];
      if (seen >= rank) {
        return end(slot);
      }
    }
    return 0;
  }

  private static int slot(long nanos) {
    int power = Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos);
    int part = power < PART_BITS ? 0 : (int) (nanos >>> (power - PART_BITS)) & (PARTS - 1);
    return power * PARTS + part;
  }

  private static long end(int slot) {
    int power = slot / PARTS;
    int part = slot % PARTS;
    return power < PART_BITS ? 1L << power : (long) (PARTS + part + 1) << (power - PART_BITS);
  }
}

package io.procession.pool;

/// How many elements the next chunk of a map gets: as many as its caller says, or as many as suits
/// what has been measured.
///
/// The latter is *factoring* with a limit on time. A chunk is to be worth its message, so it takes a
/// worker at least [#LEAST_NANOS]; it is not to keep a worker busy that others wait for in the end,
/// so it is the worker's share of half of what is left (Hummel, Schonberg, Flynn 1992: each round
/// leaves as much as it gives away, to even out what it has guessed wrongly); and it is to come back
/// soon, so it takes at most [#TARGET_NANOS]. As long as nothing is known a chunk has one element.
///
/// Chunks of large elements are smaller, by bytes. For one thread at a time.
final class Chunking {
  static final long TARGET_NANOS = 5_000_000;
  static final long LEAST_NANOS = 50_000;

  private static final int MOST = 1 << 20;
  private static final int MOST_BYTES = 4 << 20;

  private final int given;
  private final int workers;
  private final int most;
  private final Pace pace;
  private long begun;

  private Chunking(int given, int workers, int most, Pace pace) {
    this.given = given;
    this.workers = workers;
    this.most = most;
    this.pace = pace;
  }

  static Chunking given(int size, Pace pace) {
    return new Chunking(size, 1, size, pace);
  }

  /// @param most what no chunk may exceed
  static Chunking adapted(int workers, int most, Pace pace) {
    return new Chunking(0, workers, Math.clamp(most, 1, MOST), pace);
  }

  boolean isGiven() {
    return given > 0;
  }

  Pace pace() {
    return pace;
  }

  /// The size of the next chunk.
  ///
  /// @param left how many elements are left, [Long#MAX_VALUE] if that is not known
  /// @return at least 1
  int next(long left) {
    if (isGiven()) {
      return given;
    }
    double each = pace.nanosEach();
    double size = 1;
    if (each > 0) {
      double share = (double) left / (2 * workers);
      double most = Math.min(TARGET_NANOS / each, Math.min(share, (double) begun));
      size = Math.max(most, LEAST_NANOS / each);
    }
    size = Math.min(size, MOST_BYTES / pace.bytesEach());
    int next = Math.clamp((long) Math.ceil(size), 1, most);
    begun += next;
    return next;
  }
}

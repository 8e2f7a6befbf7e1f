package io.procession.pool;

/// How long an element of a map takes a worker, and how many bytes it is, as far as it has been
/// measured: means in which each measurement counts half as much as the next.
///
/// For one thread at a time.
final class Pace {
  private double nanos;
  private double elements;
  private double inputBytes;
  private double resultBytes;

  /// A worker was busy with so many elements for so long.
  void took(int count, long busyNanos) {
    nanos = nanos / 2 + Math.max(1, busyNanos);
    elements = elements / 2 + count;
  }

  /// So many inputs were so many bytes.
  void sent(int count, int bytes) {
    inputBytes = blend(inputBytes, (double) bytes / count);
  }

  /// So many results were so many bytes.
  void received(int count, long bytes) {
    resultBytes = blend(resultBytes, (double) bytes / count);
  }

  private static double blend(double mean, double next) {
    return mean == 0 ? next : (mean + next) / 2;
  }

  /// Nanoseconds for an element, 0 if nothing is known.
  double nanosEach() {
    return elements == 0 ? 0 : nanos / elements;
  }

  /// Bytes of an input or of a result, whichever are more; 1 if nothing is known.
  double bytesEach() {
    return Math.max(1, Math.max(inputBytes, resultBytes));
  }

  /// What another map of the same function begins with: a guess, worth one element.
  Pace guess() {
    Pace next = new Pace();
    if (elements > 0) {
      next.nanos = nanosEach();
      next.elements = 1;
    }
    next.inputBytes = inputBytes;
    next.resultBytes = resultBytes;
    return next;
  }
}

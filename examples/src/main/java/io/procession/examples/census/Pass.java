package io.procession.examples.census;

import java.time.Duration;
import java.util.List;

/// One way of counting all batches, and how it went.
///
/// @param name who counted
/// @param tally the sum of what came back
/// @param classesLost classes of which nothing came back
/// @param batchesRepeated batches of which something came back more than once
/// @param time from the start of the first process to the last result
record Pass(String name, Tally tally, int classesLost, int batchesRepeated, Duration time) {

  static Pass of(String name, Ledger ledger, Duration time) {
    return new Pass(name, ledger.tally(), ledger.classesLost(), ledger.repeated(), time);
  }

  /// Counts in this process, on this thread: what the other passes are compared with.
  static Pass alone(List<Batch> batches, Screen screen) throws Exception {
    long start = System.nanoTime();
    Ledger ledger = new Ledger(batches);
    try (var bar = screen.bar("this process", Batch.classesOf(batches))) {
      for (Batch batch : batches) {
        ledger.enter(batch.count());
        bar.advance(batch.paths().size());
      }
    }
    return of("this process alone", ledger, Duration.ofNanos(System.nanoTime() - start));
  }
}

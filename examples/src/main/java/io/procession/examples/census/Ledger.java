package io.procession.examples.census;

import java.util.List;

/// Which batches came back, how often, and what they add up to. A batch counts once, however often
/// it comes back; that it came back more than once is noted.
final class Ledger {
  private final List<Batch> batches;
  private final int[] returns;
  private final TallyBuilder sum = new TallyBuilder();
  private int returned;

  Ledger(List<Batch> batches) {
    this.batches = batches;
    returns = new int[batches.size()];
  }

  void enter(BatchCount count) {
    if (returns[count.batch()]++ == 0) {
      returned++;
      sum.add(count.tally());
    }
  }

  /// How many batches came back at least once.
  int returned() {
    return returned;
  }

  /// How many batches came back more than once.
  int repeated() {
    int repeated = 0;
    for (int times : returns) {
      repeated += times > 1 ? 1 : 0;
    }
    return repeated;
  }

  /// How many classes are in batches that never came back.
  int classesLost() {
    int lost = 0;
    for (Batch batch : batches) {
      lost += returns[batch.number()] == 0 ? batch.paths().size() : 0;
    }
    return lost;
  }

  Tally tally() {
    return sum.build();
  }
}

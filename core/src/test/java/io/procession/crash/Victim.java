package io.procession.crash;

import io.procession.queue.SharedQueue;
import io.procession.serial.SerializableRunnable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/// A process that does one thing with a queue until it is killed.
record Victim(SharedQueue<String> queue, Ledger ledger, Role role, int sender)
    implements SerializableRunnable {
  /// Elements that it puts, or takes, at a time.
  static final int MANY = 20;

  enum Role {
    PUTS,
    PUTS_IN_MEASURE,
    PUTS_WHEN_EMPTY,
    PUTS_MANY,
    TAKES,
    TAKES_WHEN_FULL,
    DRAINS,
    REMOVES;

    /// How many elements it may have taken that nobody knows of.
    int mostHeld() {
      return switch (this) {
        case PUTS, PUTS_IN_MEASURE, PUTS_WHEN_EMPTY, PUTS_MANY -> 0;
        case TAKES, TAKES_WHEN_FULL, REMOVES -> 1;
        case DRAINS -> MANY;
      };
    }
  }

  @Override
  public void run() throws Exception {
    ledger.working(sender);
    while (true) {
      switch (role) {
        case PUTS -> put();
        case PUTS_IN_MEASURE -> {
          if (queue.size() < 100 && !ledger.isFull(sender)) {
            put();
          } else {
            Thread.sleep(1);
          }
        }
        case PUTS_WHEN_EMPTY -> {
          Thread.sleep(2);
          if (queue.isEmpty()) {
            put();
          }
        }
        case PUTS_MANY -> putMany();
        case DRAINS -> drain();
        case TAKES -> ledger.taken(Parcel.of(queue.take()));
        case TAKES_WHEN_FULL -> {
          Thread.sleep(2);
          if (queue.remainingCapacity() == 0) {
            ledger.taken(Parcel.of(queue.take()));
          }
        }
        case REMOVES -> remove();
      }
    }
  }

  private void put() throws InterruptedException {
    int number = ledger.begin(sender);
    queue.put(new Parcel(sender, number).toText());
    ledger.done(sender, number);
  }

  private void putMany() throws InterruptedException {
    int[] numbers = new int[MANY];
    List<String> parcels = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      numbers[i] = ledger.begin(sender);
      parcels.add(new Parcel(sender, numbers[i]).toText());
    }
    queue.putMany(parcels);
    for (int number : numbers) {
      ledger.done(sender, number);
    }
  }

  private void drain() {
    List<String> parcels = new ArrayList<>();
    queue.drainTo(parcels, MANY);
    for (String parcel : parcels) {
      ledger.taken(Parcel.of(parcel));
    }
  }

  /// Removes the second of those that are there.
  private void remove() {
    Iterator<String> elements = queue.iterator();
    if (elements.hasNext()) {
      elements.next();
    }
    if (elements.hasNext()) {
      String element = elements.next();
      if (queue.remove(element)) {
        ledger.taken(Parcel.of(element));
      }
    }
  }
}

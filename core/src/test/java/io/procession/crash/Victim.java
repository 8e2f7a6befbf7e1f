package io.procession.crash;

import io.procession.queue.SharedQueue;
import io.procession.serial.Task;
import java.util.Iterator;

/// A process that does one thing with a queue until it is killed.
record Victim(SharedQueue<String> queue, Ledger ledger, Role role, int sender) implements Task {
  enum Role {
    PUTS,
    PUTS_IN_MEASURE,
    PUTS_WHEN_EMPTY,
    TAKES,
    TAKES_WHEN_FULL,
    REMOVES
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

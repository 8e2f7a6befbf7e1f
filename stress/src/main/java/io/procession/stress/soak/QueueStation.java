package io.procession.stress.soak;

import static io.procession.stress.soak.Roster.BEGUN;
import static io.procession.stress.soak.Roster.DONE;
import static io.procession.stress.soak.Roster.OWN;
import static io.procession.stress.soak.Rules.require;

import io.procession.crash.Journal;
import io.procession.crash.Parcel;
import io.procession.queue.SharedQueue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A queue, and a ledger of who has put what and what was taken.
///
/// Who puts counts before and after; who takes notes before how many it may take, and clears that when
/// all are in the ledger. So what is missing in the end is what the dead may have had in their
/// hands.
record QueueStation(int index, String name, SharedQueue<byte[]> queue, Journal ledger)
    implements Station {
  private static final int TAKING = OWN;
  private static final int MOST_OF_EACH = 2_048;
  private static final int MOST_WAITING = 100;

  static QueueStation of(int index, String name, SharedQueue<byte[]> queue, Path folder) {
    Path file = folder.resolve("queue-" + index);
    return new QueueStation(index, name, queue, new Journal(file, Roster.ACTORS * MOST_OF_EACH));
  }

  @Override
  public void step(Turn turn) throws Exception {
    switch (turn.upTo(12)) {
      case 0, 1, 2, 3, 4 -> {
        if (queue.size() < MOST_WAITING && turn.get(index, BEGUN) < MOST_OF_EACH) {
          put(turn);
        }
      }
      case 5, 6, 7, 8 -> {
        turn.set(index, TAKING, 1);
        taken(turn, queue.poll(turn.upTo(30), TimeUnit.MILLISECONDS));
        turn.set(index, TAKING, 0);
      }
      case 9 -> {
        turn.set(index, TAKING, 1);
        taken(turn, queue.poll());
        turn.set(index, TAKING, 0);
      }
      case 10 -> drain(turn);
      default -> look();
    }
  }

  private void put(Turn turn) throws InterruptedException {
    int number = turn.get(index, BEGUN);
    byte[] message = new Parcel(turn.actor(), number).toBytes();
    turn.set(index, BEGUN, number + 1);
    boolean put =
        switch (turn.upTo(3)) {
          case 0 -> queue.offer(message);
          case 1 -> queue.offer(message, turn.upTo(50), TimeUnit.MILLISECONDS);
          default -> {
            queue.put(message);
            yield true;
          }
        };
    if (put) {
      turn.set(index, DONE, number + 1);
    } else {
      turn.set(index, BEGUN, number);
    }
  }

  private void drain(Turn turn) {
    int most = 1 + turn.upTo(4);
    List<byte[]> messages = new ArrayList<>();
    turn.set(index, TAKING, most);
    int count = queue.drainTo(messages, most);
    require(count == messages.size() && count <= most, "so many are drained", "count", count);
    for (byte[] message : messages) {
      taken(turn, message);
    }
    turn.set(index, TAKING, 0);
  }

  private void look() {
    byte[] first = queue.peek();
    if (first != null) {
      Parcel _ = Parcel.of(first);
    }
    for (byte[] message : queue) {
      Parcel _ = Parcel.of(message);
    }
    require(queue.remainingCapacity() >= 0, "a queue holds no more than it may", "queue", name);
  }

  private void taken(Turn turn, byte @Nullable [] message) {
    if (message == null) {
      return;
    }
    Parcel parcel = Parcel.of(message);
    Integer last =
        turn.lastTaken().put((long) index * Roster.ACTORS + parcel.sender(), parcel.number());
    require(
        last == null || last < parcel.number(),
        "what one has put is taken in its order",
        "message",
        parcel,
        "before",
        last == null ? "none" : last);
    int entry = parcel.sender() * MOST_OF_EACH + parcel.number();
    ledger.increment(entry);
    require(ledger.get(entry) == 1, "no message comes twice", "message", parcel);
  }

  @Override
  public void tend(Turn turn) {
    if (turn.roster().isStopping()) {
      drain(turn);
    }
  }

  @Override
  public void verify(Turn turn, int processes) {
    while (queue.peek() != null) {
      drain(turn);
    }
    require(queue.size() == 0, "an empty queue knows that it is", "size", queue.size());
    Roster roster = turn.roster();
    long missing = 0;
    for (int actor = 0; actor < processes * Roster.THREADS; actor++) {
      int begun = roster.get(actor, index, BEGUN);
      int done = roster.get(actor, index, DONE);
      for (int number = 0; number < Math.min(begun + 1, MOST_OF_EACH); number++) {
        int times = ledger.get(actor * MOST_OF_EACH + number);
        require(
            times <= (number < begun ? 1 : 0),
            "no message comes twice or from nowhere",
            "message",
            new Parcel(actor, number),
            "times",
            times);
        missing += number < done && times == 0 ? 1 : 0;
      }
    }
    long inHand = roster.sumOfDoomed(processes, index, TAKING);
    require(
        missing <= inHand,
        "no message is lost but in the hands of the dead: " + name,
        "missing",
        missing,
        "in hand",
        inHand);
  }

  @Override
  public void destroy() {
    queue.destroy();
  }
}

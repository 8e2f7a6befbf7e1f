package io.procession.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// Which places for workers a pool has, and who has them.
final class Seats {
  private final List<Seat> seats = new CopyOnWriteArrayList<>();

  void add(Seat seat) {
    seats.add(seat);
  }

  void remove(Seat seat) {
    seats.remove(seat);
  }

  int size() {
    return seats.size();
  }

  List<Link> links() {
    List<Link> links = new ArrayList<>();
    for (Seat seat : seats) {
      Link link = seat.link();
      if (link != null) {
        links.add(link);
      }
    }
    return links;
  }

  boolean hasReadyWorker() {
    for (Link link : links()) {
      if (link.isReady()) {
        return true;
      }
    }
    return false;
  }

  /// One whose thread has not ended, null if there is none.
  @Nullable Seat living() {
    for (Seat seat : seats) {
      if (seat.thread().isAlive()) {
        return seat;
      }
    }
    return null;
  }
}

package io.procession.stress.soak;

import static io.procession.stress.soak.Roster.DONE;
import static io.procession.stress.soak.Roster.OWN;
import static io.procession.stress.soak.Rules.require;

import io.procession.connection.Connection;
import io.procession.connection.Pipe;
import io.procession.crash.Parcel;
import io.procession.queue.SharedQueue;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Pipes whose ends lie in a queue for two who take them, and tell each other numbers as long as both
/// like. Once one has heard the other it waits without a limit: the other answers, leaves or is dead.
record PipeStation(int index, String name, SharedQueue<Connection> ends) implements Station {
  private static final int MEETING = OWN;
  private static final int SENT = OWN + 1;
  private static final int MOST = 32;
  private static final int MOST_WAITING = 6;
  private static final Duration PATIENCE = Duration.ofMillis(200);

  @Override
  public void step(Turn turn) throws Exception {
    Connection end;
    try {
      end = ends.poll();
    } catch (IllegalStateException e) {
      require(String.valueOf(e.getMessage()).contains("destroyed"), "an end can be had", "said", e);
      return; // the maker has lost patience
    }
    if (end == null) {
      return;
    }
    turn.set(index, SENT, 0);
    turn.count(index, MEETING);
    try (end) {
      talk(turn, end);
    }
    turn.count(index, DONE);
  }

  private void talk(Turn turn, Connection end) throws InterruptedException {
    int meeting = turn.get(index, MEETING);
    int rounds = 1 + turn.upTo(MOST - 1);
    Parcel heard = null;
    int count = 0;
    try {
      for (int i = 0; i < rounds; i++) {
        end.sendBytes(new Parcel(turn.actor(), meeting * MOST + i).toBytes());
        turn.count(index, SENT);
        if (heard == null && !end.poll(PATIENCE)) {
          return; // the other end lies about, or its taker was killed before it used it
        }
        Parcel next = Parcel.of(end.recvBytes());
        requireNext(heard, next, i);
        heard = next;
        count++;
      }
    } catch (IOException e) {
      requireAllHeard(turn, heard, count);
    }
  }

  private static void requireNext(@Nullable Parcel before, Parcel next, int place) {
    boolean isNext =
        next.number() % MOST == place
            && (before == null
                || (before.sender() == next.sender() && before.number() + 1 == next.number()));
    require(
        isNext,
        "a pipe keeps to the order",
        "before",
        before == null ? "none" : before,
        "next",
        next);
  }

  /// What the other had sent when it left or died was received before the end of the stream. When
  /// sending fails something may be left to receive.
  private void requireAllHeard(Turn turn, @Nullable Parcel heard, int count) {
    if (heard == null) {
      return;
    }
    int sent = turn.roster().get(heard.sender(), index, SENT);
    int meeting = turn.roster().get(heard.sender(), index, MEETING);
    if (meeting == heard.number() / MOST && turn.get(index, SENT) == count + 1) {
      require(
          count >= sent,
          "what was sent is received before the end",
          "from",
          heard.sender(),
          "sent",
          sent,
          "received",
          count);
    }
  }

  @Override
  public void tend(Turn turn) throws Exception {
    if (!turn.roster().isStopping() && ends.size() < MOST_WAITING) {
      try (Pipe pipe = Pipe.duplex()) { // what lies in the queue stays open
        ends.put(pipe.first());
        ends.put(pipe.second());
      }
    }
  }

  @Override
  public void verify(Turn turn, int processes) {}

  @Override
  public void destroy() {
    ends.destroy();
  }
}

package io.procession.stress.soak;

import static io.procession.stress.soak.Roster.DONE;

import io.procession.sync.SharedEvent;
import java.util.concurrent.TimeUnit;

/// A door that is opened and shut by anybody. Most wait for it without a limit: an opening ends every
/// wait that began before, however soon it is shut again, so one that goes on is a hang.
record EventStation(int index, String name, SharedEvent event) implements Station {
  @Override
  public void step(Turn turn) throws Exception {
    switch (turn.upTo(10)) {
      case 0, 1 -> event.set();
      case 2, 3 -> event.clear();
      case 4 -> {
        boolean _ = event.isSet();
      }
      case 5 -> {
        boolean _ = event.await(turn.upTo(50), TimeUnit.MILLISECONDS);
      }
      case 6 -> event.awaitUninterruptibly();
      default -> event.await();
    }
    turn.count(index, DONE);
  }

  @Override
  public void tend(Turn turn) {
    event.set();
    if (!turn.roster().isStopping()) {
      event.clear();
    }
  }

  @Override
  public void verify(Turn turn, int processes) {
    event.set();
    Rules.require(event.isSet(), "what was set is set");
    event.clear();
    Rules.require(!event.isSet(), "what was cleared is not set");
  }

  @Override
  public void destroy() {
    event.destroy();
  }
}

package io.procession.conformance;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.procession.sync.Event;
import java.util.List;
import org.junit.jupiter.api.Test;

/// An event is set or not, and who waits for it goes on when it is set.
abstract class EventContract extends Contract {
  @Test
  void isSetAndCleared() throws Exception {
    Event event = way().event();
    assertThat(event.isSet()).isFalse();
    assertThat(event.await(0, MILLISECONDS)).isFalse();
    assertThat(event.await(20, MILLISECONDS)).isFalse();
    peer(0).run(event::set);
    assertThat(event.isSet()).isTrue();
    event.await();
    assertThat(event.await(20, MILLISECONDS)).isTrue();
    event.clear();
    assertThat(peer(0).call(event::isSet)).isFalse();
    assertThat(event.await(-1, MILLISECONDS)).isFalse();
  }

  @Test
  void allWhoWaitGoOn() throws Exception {
    Event event = way().event();
    List<Peer.Reply<Boolean>> others =
        way().peers().stream().map(peer -> peer.begin(event::await)).toList();
    for (Peer.Reply<Boolean> other : others) {
      assertThat(other.isWaiting()).isTrue();
    }
    event.set();
    for (Peer.Reply<Boolean> other : others) {
      other.get();
    }
    event.clear();
    Peer.Reply<Boolean> setter = peer(0).begin(event::set);
    assertThat(event.await(LONG.toMillis(), MILLISECONDS)).isTrue();
    setter.get();
  }
}

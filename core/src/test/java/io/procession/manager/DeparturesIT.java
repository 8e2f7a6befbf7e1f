package io.procession.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.connection.Address;
import io.procession.connection.AuthKey;
import io.procession.process.JvmProcess;
import io.procession.queue.SharedQueue;
import io.procession.testing.Deadlines;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Proxies that are sent and not received, or not yet, by senders that are gone or send on and on.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class DeparturesIT {
  private static final String KEY = "a key of this test";
  private static final int MOST = 1 << 14;

  private static SyncManager manager(Duration silence) {
    return new SyncManager(
            ManagerOptions.defaults()
                .withAddress(Address.tcp("localhost", 0))
                .withKeepAlive(silence)
                .withAuthKey(AuthKey.of(KEY)))
        .start();
  }

  private static RawCaller[] calling(SyncManager manager) throws Exception {
    return RawCaller.calling(manager.address().orElseThrow(), KEY);
  }

  private static String list(RawCaller calls) throws Exception {
    return (String) ((Object[]) calls.call(null, "create", "list", List.of())[1])[0];
  }

  @Test
  void strangerHasSoManyOnTheirWay() throws Exception {
    try (SyncManager manager = manager(Deadlines.LONG);
        SharedQueue<List<Integer>> way = SharedQueue.create()) {
      RawCaller[] lines = calling(manager);
      try (RawCaller _ = lines[0];
          RawCaller calls = lines[1]) {
        String list = list(calls);
        Object oldest = calls.call(null, "depart", list)[1];
        Object next = calls.call(null, "depart", list)[1];
        for (int i = 1; i < MOST; i++) { // such as messages that never left
          assertThat(calls.call(null, "depart", list)[0]).isEqualTo("#RETURN");
        }
        assertThat(manager.debugInfo())
            .contains("  " + list + ": type=list, holders=" + (1 + MOST));
        assertThat(calls.call(null, "arrive", list, oldest)[0]).isEqualTo("#RETURN");
        assertThat(manager.debugInfo())
            .as("the oldest held nothing any more, its holder is the caller")
            .contains("  " + list + ": type=list, holders=" + (1 + MOST));
        assertThat(calls.call(null, "arrive", list, next)[0]).isEqualTo("#RETURN");
        assertThat(manager.debugInfo()).contains("  " + list + ": type=list, holders=" + MOST);
        way.put(manager.list(List.of(1))); // others may, too
        assertThat(way.take()).containsExactly(1);
      }
      way.destroy();
    }
  }

  /// By a caller that is gone when it returns, and known to be.
  private static Object[] sentByDeadStranger(SyncManager manager) throws Exception {
    RawCaller[] lines = calling(manager);
    Object[] sent;
    try (RawCaller _ = lines[0];
        RawCaller calls = lines[1]) {
      String list = list(calls);
      sent = new Object[] {list, calls.call(null, "depart", list)[1]};
      assertThat(manager.debugInfo()).contains("  " + list + ": type=list, holders=2\n");
    }
    return sent;
  }

  @Test
  void whatADeadStrangerHasSentMayBeReceivedForAWhile() throws Exception {
    try (SyncManager manager = manager(Deadlines.LONG)) {
      Object[] sent = sentByDeadStranger(manager);
      Awaitility.await()
          .atMost(Deadlines.LONG)
          .until(() -> manager.debugInfo().contains("  " + sent[0] + ": type=list, holders=1\n"));
      RawCaller[] lines = calling(manager);
      try (RawCaller _ = lines[0];
          RawCaller calls = lines[1]) {
        assertThat(calls.call(null, "arrive", sent)[0]).isEqualTo("#RETURN");
        assertThat(calls.call((String) sent[0], "size")).containsExactly("#RETURN", 0);
      }
      Awaitility.await().atMost(Deadlines.LONG).until(() -> manager.numberOfObjects() == 0);
    }
  }

  @Test
  void whatADeadStrangerHasSentEnds() throws Exception {
    try (SyncManager manager = manager(Deadlines.scaled(Duration.ofSeconds(3)))) {
      Object[] _ = sentByDeadStranger(manager);
      Awaitility.await().atMost(Deadlines.LONG).until(() -> manager.numberOfObjects() == 0);
    }
  }

  @Test
  void whatADeadProcessOfTheSessionHasSentArrives() throws Exception {
    try (SyncManager manager = manager(Deadlines.scaled(Duration.ofSeconds(3)));
        SharedQueue<List<String>> way = SharedQueue.create()) {
      JvmProcess sender = sender(manager, way);
      Awaitility.await().atMost(Deadlines.LONG).until(() -> !way.isEmpty());
      sender.kill();
      sender.join();
      Awaitility.await()
          .atMost(Deadlines.LONG)
          .until(() -> {
            System.gc(); // so that only what is on its way holds it
            return manager.debugInfo().contains("type=list, holders=1\n");
          });
      assertThat(way.take()).containsExactly("alive");
      way.destroy();
    }
  }

  private static JvmProcess sender(SyncManager manager, SharedQueue<List<String>> way) {
    List<String> list = manager.list(List.of("alive"));
    JvmProcess sender =
        JvmProcess.of(() -> {
          way.put(list);
          Thread.currentThread().join();
        });
    sender.start();
    return sender;
  }
}

package io.procession.manager;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.connection.Address;
import io.procession.process.RemoteCallException;
import io.procession.serial.NotSendableException;
import io.procession.sync.Event;
import io.procession.testing.Deadlines;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What is longer than a server or its caller takes, over a network: who sends it is told, nothing is
/// sent, and all goes on.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class MessageLengthsIT {
  private static final int MOST_BYTES = 1 << 20;

  private final ConcurrentLinkedQueue<String> log = new ConcurrentLinkedQueue<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord said) {
          if (String.valueOf(said.getMessage()).contains("a caller was refused")) {
            log.add(said.getMessage());
          }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  private FarServer server;
  private SyncManager client;

  @BeforeEach
  void start() throws Exception {
    Logger.getLogger("").addHandler(handler); // what the server logs comes here
    server = FarServer.start(options -> new SyncManager(options.withMaxMessageBytes(MOST_BYTES)));
    client = server.client();
  }

  @AfterEach
  void shutDown() {
    client.close();
    server.close();
    Logger.getLogger("").removeHandler(handler);
  }

  private Address address() {
    return requireNonNull(server.options().address());
  }

  /// What the server has logged until now, and nothing of what it logs for this.
  private List<String> logged() throws Exception {
    RawCaller[] lines = RawCaller.calling(address(), FarServer.KEY);
    try (RawCaller _ = lines[0];
        RawCaller calls = lines[1]) {
      assertThat(calls.call("no such object", "size")[0]).isEqualTo("#TRACEBACK");
    }
    Awaitility.await()
        .atMost(Deadlines.LONG)
        .until(() -> log.stream().anyMatch(line -> line.contains("no such object")));
    return log.stream().filter(line -> !line.contains("no such object")).toList();
  }

  private void assertRefused(ThrowingCallable call) {
    assertThatExceptionOfType(NotSendableException.class)
        .isThrownBy(call)
        .withMessageMatching(
            "the request is longer than the server takes: bytes=(more than 1048576|2097\\d{3}),"
                + " maxMessageBytes=1048576, server=manager-\\d+ at localhost:\\d+; send it in"
                + " parts, or start the server with greater ManagerOptions.withMaxMessageBytes");
  }

  @Test
  void requestThatIsTooLongIsNotSent() throws Exception {
    ConcurrentMap<String, byte[]> map = client.map();
    map.put("a", new byte[MOST_BYTES / 2]);
    long requests = client.link().requests();
    byte[] tooLong = new byte[2 * MOST_BYTES];
    assertRefused(() -> map.put("b", tooLong));
    assertRefused(() -> client.list(List.of(tooLong)));
    assertRefused(() -> client.pipeline(p -> p.run(map, m -> m.put("c", tooLong))));
    assertThat(client.link().requests()).as("none was sent").isEqualTo(requests);
    assertThat(map.keySet()).containsExactly("a");
    assertThat(logged()).isEmpty();
  }

  @Test
  void lengthThatIsJustRightIsTaken() {
    List<byte[]> list = client.list();
    int overhead = 0;
    try {
      list.add(new byte[MOST_BYTES]);
    } catch (NotSendableException e) {
      String bytes = String.valueOf(e.getMessage()).replaceAll(".*bytes=(\\d+), max.*", "$1");
      overhead = Integer.parseInt(bytes) - MOST_BYTES;
    }
    assertThat(overhead).isPositive();
    list.add(new byte[MOST_BYTES - overhead]);
    int most = MOST_BYTES - overhead;
    assertThatExceptionOfType(NotSendableException.class)
        .isThrownBy(() -> list.add(new byte[most + 1]))
        .withMessageContaining("bytes=" + (MOST_BYTES + 1));
    assertThat(list).hasSize(1);
  }

  @Test
  void pipelineIsCutWhereAMessageMayEnd() throws Exception {
    List<byte[]> list = client.list();
    List<Future<Boolean>> added = new ArrayList<>();
    client.pipeline(p -> {
      for (int i = 0; i < 4; i++) {
        added.add(p.call(list, l -> l.add(new byte[MOST_BYTES / 5]))); // alone not worth sending
        added.add(p.call(list, l -> l.add(new byte[MOST_BYTES / 10 * 9])));
      }
    });
    for (Future<Boolean> each : added) {
      assertThat(each.get()).isTrue();
    }
    assertThat(list).hasSize(8);
    assertThat(logged()).isEmpty();
  }

  @Test
  void resultThatIsLongerThanTheServerSendsIsToldAndBreaksNothing() throws Exception {
    List<byte[]> list = client.list();
    for (int i = 0; i < 4; i++) {
      list.add(new byte[MOST_BYTES / 3]);
    }
    long requests = client.link().requests();
    assertThatExceptionOfType(RemoteCallException.class)
        .isThrownBy(() -> BaseProxy.of(list).getValue())
        .withMessageContaining("the result is too long: bytes=")
        .withMessageContaining("maxMessageBytes=1048576; ask for parts, or give the server greater")
        .withMessageContaining("ManagerOptions.withMaxMessageBytes");
    List<Future<Object[]>> all = new ArrayList<>();
    client.pipeline(p -> all.add(p.call(list, List::toArray)));
    assertThatThrownBy(() -> all.getFirst().get())
        .hasMessageContaining("the result is too long: bytes=");
    assertThat(list).hasSize(4);
    assertThat(client.link().requests()).as("by the same line").isEqualTo(requests + 3);
    assertThat(new ArrayList<>(list)).as("in parts").hasSize(4);
    assertThat(logged()).isEmpty();
  }

  @Test
  void resultThatIsLongerThanTheCallerTakesSaysWhoseLimitItIs() throws Exception {
    ManagerOptions narrow = server.options().withMaxMessageBytes(MOST_BYTES / 2);
    try (SyncManager other = new SyncManager(narrow).connect()) {
      ConcurrentMap<String, byte[]> map = other.map(Map.of("a", new byte[MOST_BYTES / 4]));
      map.put("b", new byte[MOST_BYTES / 4 * 3]); // the server takes it
      assertThatExceptionOfType(RemoteCallException.class)
          .isThrownBy(() -> map.get("b"))
          .withMessageContaining(
              "maxMessageBytes=524288; ask for parts, or give the caller greater");
      assertThat(map.get("a")).hasSize(MOST_BYTES / 4);
    }
  }

  /// Who does not know the server's limit, as no client of ours, is told of in the log.
  @Test
  void serverLogsWhoSendsWhatIsTooLong() throws Exception {
    RawCaller[] lines = RawCaller.calling(address(), FarServer.KEY);
    try (RawCaller _ = lines[0];
        RawCaller calls = lines[1]) {
      assertThat(calls.call("no such object", "size")[0]).isEqualTo("#TRACEBACK");
      calls.out.write(ByteBuffer.allocate(4).putInt(MOST_BYTES + 1).array());
      calls.awaitEnd();
      Awaitility.await()
          .atMost(Deadlines.LONG)
          .until(() -> log.stream().anyMatch(line -> line.contains("a message is longer than")));
      assertThat(logged())
          .singleElement()
          .asString()
          .contains("caller=hostile, reason=a message is longer than")
          .contains("length=1048577, maxMessageBytes=1048576, from the stream from ")
          .contains(" to 127.0.0.1:" + calls.localPort());
    }
  }

  @Test
  void proxiesAreLetGoInMessagesThatASmallServerTakes() throws Exception {
    try (FarServer small =
            FarServer.start(options -> new SyncManager(options.withMaxMessageBytes(600)));
        SyncManager other = small.client()) {
      Event kept = other.event();
      List<Object> dropped = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        dropped.add(other.event());
      }
      assertThat(dropped).hasSize(500);
      assertThat(other.numberOfObjects()).isEqualTo(501);
      dropped.clear();
      Awaitility.await()
          .atMost(Deadlines.LONG)
          .until(() -> {
            System.gc();
            return other.numberOfObjects() == 1;
          });
      kept.set();
      assertThat(kept.isSet()).isTrue();
      assertThat(log).isEmpty();
      assertThatThrownBy(() -> other.value("x".repeat(600)))
          .isInstanceOf(NotSendableException.class);
    }
  }
}

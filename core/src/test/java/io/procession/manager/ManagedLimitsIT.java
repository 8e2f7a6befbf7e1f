package io.procession.manager;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.procession.connection.Address;
import io.procession.connection.AuthKey;
import io.procession.connection.Connection;
import io.procession.connection.Pipe;
import io.procession.internal.remote.ServerLink;
import io.procession.internal.remote.ServerRef;
import io.procession.internal.remote.Way;
import io.procession.process.JvmProcess;
import io.procession.process.ProcessException;
import io.procession.process.RemoteCallException;
import io.procession.queue.SharedQueue;
import io.procession.queue.TaskQueue;
import java.io.IOException;
import java.io.Serializable;
import java.math.RoundingMode;
import java.net.URI;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.AbstractMap.SimpleEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Currency;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.ListIterator;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.Vector;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a manager does with what is long, many, unknown or stopped.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ManagedLimitsIT {
  private static final int MOST_BYTES = 64 << 10;

  interface Numbers {
    Iterator<Integer> upTo(int end);

    Iterator<Integer> never();
  }

  static final class Counting implements Numbers {
    @Override
    public Iterator<Integer> upTo(int end) {
      return IntStream.range(0, end).iterator();
    }

    @Override
    public Iterator<Integer> never() {
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return true;
        }

        @Override
        public Integer next() {
          try {
            new java.util.concurrent.CountDownLatch(1).await();
          } catch (InterruptedException e) {
            throw new CancellationException("interrupted at the server");
          }
          return 1;
        }
      };
    }
  }

  private static final ManagedType<Numbers> NUMBERS =
      ManagedType.of(Numbers.class, Counting::new)
          .returningIterator("upTo")
          .returningIterator("never");

  /// Stops the thread that reads it, where that is asked for.
  private static final class Stopper implements Serializable {
    private static final long serialVersionUID = 1L;
    private static volatile boolean isArmed;

    private Object readResolve() {
      if (isArmed) {
        throw new Stop();
      }
      return this;
    }
  }

  private static final class Stop extends Error {
    private static final long serialVersionUID = 1L;
  }

  private static SyncManager near;
  private static SyncManager far;
  private static JvmProcess server;

  private static ManagerOptions options(Address address) {
    return ManagerOptions.defaults().withAddress(address).withAuthKey(AuthKey.of("of this test"));
  }

  @BeforeAll
  static void start() throws Exception {
    near = new SyncManager().register(NUMBERS).start();
    try (Pipe pipe = Pipe.duplex()) {
      Connection told = pipe.second();
      server = JvmProcess.of(() -> serve(told));
      server.start();
      Address address = requireNonNull((Address) pipe.first().recv());
      far = new SyncManager(options(address).withMaxMessageBytes(MOST_BYTES)).connect();
    }
  }

  private static void serve(Connection told) throws IOException, InterruptedException {
    try (ManagerServer served = new SyncManager(options(Address.tcp("localhost", 0))).getServer()) {
      told.send(served.address().orElseThrow());
      served.serveForever();
    }
  }

  @AfterAll
  static void shutDown() throws Exception {
    far.close();
    server.kill();
    server.join();
    near.close();
  }

  @Test
  void whatIsLongerThanAMessageComesInParts() throws Exception {
    List<String> elements = IntStream.range(0, 40).mapToObj(i -> i + "x".repeat(9_000)).toList();
    BlockingQueue<String> queue = far.queue();
    elements.forEach(queue::add);
    assertThat(List.copyOf(queue)).isEqualTo(elements);
    assertThat(new ArrayList<>(queue)).isEqualTo(elements);
    List<String> drained = new ArrayList<>();
    assertThat(queue.drainTo(drained, 3)).isEqualTo(3);
    assertThat(queue.drainTo(drained)).isEqualTo(37);
    assertThat(drained).isEqualTo(elements);
    assertThat(queue).isEmpty();

    List<String> list = far.list();
    elements.forEach(list::add);
    assertThat(new ArrayList<>(list)).isEqualTo(elements);
    assertThat(list.stream().toList()).isEqualTo(elements);
    List<String> forwards = new ArrayList<>();
    for (String each : list) {
      forwards.add(each);
    }
    assertThat(forwards).isEqualTo(elements);
    List<String> backwards = new ArrayList<>();
    for (ListIterator<String> i = list.listIterator(40); i.hasPrevious(); ) {
      backwards.add(i.previous());
    }
    assertThat(backwards.reversed()).isEqualTo(elements);

    ConcurrentMap<Integer, String> map = far.map();
    Set<String> set = far.set();
    for (String each : elements) {
      map.put(map.size(), each);
      set.add(each);
    }
    assertThat(new TreeMap<>(map).values()).containsExactlyElementsOf(elements);
    assertThat(new ArrayList<>(set)).containsExactlyInAnyOrderElementsOf(elements);
  }

  @Test
  void resultThatIsTooLongIsToldAndBreaksNothing() throws Exception {
    List<String> list = far.list();
    for (int i = 0; i < 20; i++) {
      list.add("x".repeat(9_000));
    }
    long lines = far.link().requests();
    assertThatThrownBy(() -> BaseProxy.of(list).getValue())
        .isInstanceOf(RemoteCallException.class)
        .hasMessageContaining("too long")
        .hasMessageContaining("maxMessageBytes=" + MOST_BYTES)
        .hasMessageContaining("give the caller greater ManagerOptions.withMaxMessageBytes");
    assertThat(list).hasSize(20);
    assertThat(far.link().requests()).as("on the same lines").isEqualTo(lines + 2);
    List<Future<String>> each = new ArrayList<>();
    far.pipeline(p -> {
      for (int i = 0; i < 20; i++) {
        int index = i;
        each.add(p.call(list, l -> l.get(index)));
      }
    });
    for (Future<String> one : each) {
      assertThat(one.get()).hasSize(9_000);
    }
    List<Object> parts = far.list(List.of(1));
    parts.addAll(Collections.nCopies(7, "x".repeat(9_000)));
    List<Future<Object>> some = new ArrayList<>();
    far.pipeline(p -> {
      some.add(p.call(parts, l -> l.get(7)));
      some.add(p.call(parts, List::toArray));
      some.add(p.call(parts, List::getFirst));
    });
    assertThat(some.getFirst().get()).isEqualTo("x".repeat(9_000));
    assertThat(some.getLast().get()).isEqualTo(1);
  }

  @Test
  @SuppressWarnings("JdkObsolete") // values of others
  void valuesAndCollectionsOfTheJdkAreTaken() {
    Map<TimeUnit, Integer> ofUnits = new EnumMap<>(Map.of(TimeUnit.DAYS, 1));
    List<Object> plain = List.of(1, "b");
    List<Object> taken =
        new ArrayList<>(
            List.of(
                Collections.emptyList(),
                Collections.emptyMap(),
                Collections.emptySet(),
                Collections.singletonList(1),
                Collections.singletonMap(1, 2),
                Collections.unmodifiableList(new ArrayList<>(plain)),
                Collections.unmodifiableMap(new TreeMap<>(Map.of(1, 2))),
                Collections.synchronizedList(new ArrayList<>(plain)),
                Collections.nCopies(3, "x"),
                EnumSet.of(TimeUnit.DAYS),
                ofUnits,
                new ConcurrentHashMap<>(Map.of(1, 2)),
                new ConcurrentSkipListMap<>(Map.of(1, 2)),
                new Vector<>(plain),
                new CopyOnWriteArrayList<>(plain),
                new SimpleEntry<>("a", 1),
                Arrays.asList(1, null),
                ChronoUnit.DAYS,
                RoundingMode.DOWN,
                URI.create("http://localhost/a"),
                Currency.getInstance("EUR"),
                Comparator.naturalOrder(),
                new TreeMap<>(Comparator.reverseOrder()),
                new TreeMap<>(
                    Map.of(1, List.of(1), 2, List.of(1, 2, 3), 3, Set.of(1), 4, Map.of(1, 2)))));
    List<Object> list = far.list();
    list.addAll(taken);
    assertThat(list).isEqualTo(taken);
    list.add(new PriorityQueue<>(List.of(3, 1, 2)));
    assertThat((Collection<?>) list.getLast()).hasSize(3);
    ConcurrentMap<Integer, Integer> map = far.map(Map.of(1, 2));
    list.add(BaseProxy.of(map).getValue());
    assertThat(list.getLast()).isEqualTo(Map.of(1, 2)).isInstanceOf(ConcurrentHashMap.class);
    BlockingQueue<Integer> queue = far.queue();
    list.add(new TreeMap<>(Map.of(1, queue)));
    assertThat((Map<?, ?>) list.getLast()).isEqualTo(Map.of(1, queue));
    assertThatThrownBy(() -> list.add(new Random()))
        .isInstanceOf(RemoteCallException.class)
        .hasMessageContaining("java.util.Random; objects of this class are not taken here");
  }

  @Test
  void elementThatIsRemovedIsDoneWith() throws Exception {
    TaskQueue<Integer> queue = near.joinableQueue();
    queue.addAll(List.of(1, 2, 3, 4, 5, 6, 7));
    assertThat(queue.removeIf((java.util.function.Predicate<Integer> & Serializable) x -> x == 1))
        .isTrue();
    assertThat(queue.unfinishedTasks()).isEqualTo(6);
    assertThat(queue.remove(2)).isTrue();
    assertThat(queue.remove(2)).isFalse();
    assertThat(queue.removeAll(List.of(2, 3))).isTrue();
    assertThat(queue.retainAll(List.of(5, 6, 7))).isTrue();
    assertThat(queue.unfinishedTasks()).isEqualTo(3);
    assertThat(queue.take()).isEqualTo(5);
    queue.clear();
    assertThat(queue.unfinishedTasks()).isEqualTo(1);
    queue.taskDone();
    assertThat(queue.join(Duration.ZERO)).isTrue();
  }

  @Test
  void functionThatRunsHereSetsElementByElement() {
    List<Integer> list = near.list(IntStream.range(0, 600).boxed().toList());
    long before = near.link().requests();
    list.replaceAll(x -> x + 1);
    assertThat(near.link().requests() - before).isLessThan(610);
    assertThat(list).isEqualTo(IntStream.range(1, 601).boxed().toList());
    ListIterator<Integer> iterator = list.listIterator();
    iterator.next();
    iterator.set(-1);
    assertThat(iterator.previous()).isEqualTo(-1);
    iterator.remove();
    assertThat(iterator.next()).isEqualTo(2);
  }

  @Test
  void typesHaveNamesOfTheirOwn() {
    SyncManager fresh = new SyncManager().register(NUMBERS).register(NUMBERS);
    for (ManagedType<?> other :
        List.of(NUMBERS.exposing("upTo"), NUMBERS.withName(StandardTypes.LIST))) {
      assertThatThrownBy(() -> fresh.register(other))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("withName");
    }
  }

  @Test
  void iteratorThatIsSentOnGoesOnWhereItWas() throws Exception {
    Iterator<Integer> numbers = near.create(NUMBERS).upTo(1000);
    for (int i = 0; i < 20; i++) {
      assertThat(numbers.next()).isEqualTo(i);
    }
    BlockingQueue<Integer> got = near.queue();
    JvmProcess other = JvmProcess.of(() -> got.put(numbers.next()));
    other.start();
    assertThat(got.take()).isEqualTo(20);
    other.join();
    Iterator<Integer> again = near.create(NUMBERS).upTo(100);
    again.next();
    assertThat(again.next()).isEqualTo(1);
    near.list().add(again);
    assertThat(again.next()).isEqualTo(2);
  }

  @Test
  void interruptEndsTheWaitForAnElement() throws Exception {
    Iterator<Integer> never = near.create(NUMBERS).never();
    Thread waiting = Thread.currentThread();
    Thread interrupter =
        Thread.ofPlatform()
            .start(() -> {
              while (near.link().callsUnderWay() == 0) {
                Thread.onSpinWait();
              }
              waiting.interrupt();
            });
    assertThatThrownBy(never::next).isInstanceOf(CancellationException.class);
    interrupter.join();
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void errorOfThisProcessEndsAPipelineAndSettlesItsFutures() throws Exception {
    List<Object> list = near.list(List.of(new Stopper(), 1));
    List<Future<Object>> futures = new ArrayList<>();
    Stopper.isArmed = true;
    try {
      assertThrows(
          Stop.class,
          () ->
              near.pipeline(p -> {
                for (int i = 0; i < 2; i++) {
                  int index = i;
                  futures.add(p.call(list, l -> l.get(index)));
                }
              }));
    } finally {
      Stopper.isArmed = false;
    }
    for (Future<Object> future : futures) {
      assertThat(future.isDone()).isTrue();
      assertThatThrownBy(future::get).isInstanceOf(ExecutionException.class);
    }
    assertThat(list.get(1)).isEqualTo(1);
  }

  @Test
  void callerWhoWaitsAtTheDoorIsToldThatTheServerIsClosed() throws Exception {
    try (Pipe pipe = Pipe.duplex()) {
      Connection far = pipe.second();
      JvmProcess other =
          JvmProcess.of(() -> {
            try (ManagerServer never = new SyncManager().getServer()) {
              far.send(never.ref());
              Object _ = far.recv(); // a caller is at the door
            }
            far.send("closed");
            Object _ = far.recv(); // the process lives on
          });
      other.start();
      Way way = new Way(AuthKey.of("none"), null, null, MOST_BYTES, Duration.ofSeconds(15));
      ServerLink link = ServerLink.to(requireNonNull((ServerRef) pipe.first().recv()), way);
      FutureTask<Integer> call = new FutureTask<>(link::numberOfObjects);
      Thread caller = Thread.ofPlatform().daemon().start(call);
      SharedQueue<Connection> door = requireNonNull(link.ref().door());
      while (caller.getState() == Thread.State.NEW || door.isEmpty()) {
        Thread.onSpinWait();
      }
      pipe.first().send("come");
      assertThat(pipe.first().recv()).isEqualTo("closed");
      assertThatThrownBy(() -> call.get(30, TimeUnit.SECONDS))
          .hasCauseInstanceOf(ProcessException.class);
      link.close();
      pipe.first().send("end");
      other.join();
    }
  }
}

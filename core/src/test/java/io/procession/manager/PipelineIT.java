package io.procession.manager;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.procession.connection.Address;
import io.procession.connection.AuthKey;
import io.procession.process.ProcessException;
import io.procession.process.RemoteCallException;
import io.procession.serial.NotSendableException;
import io.procession.sync.Event;
import io.procession.testing.ChildJvm;
import io.procession.testing.Deadlines;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Many calls in one round trip: as pipelines, and by bulk methods.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
@SuppressWarnings("LockNotBeforeTry") // locks are what is tested
class PipelineIT {
  private static final String KEY = "a key of this test";

  private static SyncManager manager;

  private record Unknown(int x) implements Serializable {}

  interface Failing {
    void fail(String why) throws IOException;

    Object unsendable();
  }

  static final class Failer implements Failing {
    @Override
    public void fail(String why) throws IOException {
      throw new IOException(why);
    }

    @Override
    public Object unsendable() {
      return new Object();
    }
  }

  private static final ManagedType<Failing> FAILING = ManagedType.of(Failing.class, Failer::new);

  @BeforeAll
  static void start() {
    ManagerOptions options =
        ManagerOptions.defaults()
            .withAddress(Address.tcp("localhost", 0))
            .withAuthKey(AuthKey.of(KEY));
    manager = new SyncManager(options).register(FAILING).start();
  }

  @AfterAll
  static void shutDown() {
    manager.close();
  }

  private static long roundTrips(ThrowingCallable action) throws Exception {
    long before = manager.link().requests();
    try {
      action.call();
    } catch (Exception | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
    return manager.link().requests() - before;
  }

  @Test
  void callsGoTogetherInTheirOrder() throws Exception {
    List<Integer> list = manager.list();
    ConcurrentMap<String, Integer> map = manager.map();
    var futures = new ArrayList<Future<Integer>>();
    long trips =
        roundTrips(() ->
            manager.pipeline(p -> {
              for (int i = 0; i < 300; i++) {
                int element = i;
                p.run(list, l -> l.add(element));
                futures.add(p.call(list, List::size));
              }
              p.run(
                  map,
                  m -> {
                    m.put("a", 1);
                    m.merge(
                        "a",
                        41,
                        (java.util.function.BinaryOperator<Integer> & Serializable) Integer::sum);
                  });
              assertThat(list).isEmpty();
            }));
    assertThat(trips).isEqualTo(2); // one of them asked for the list amid
    assertThat(list).isEqualTo(IntStream.range(0, 300).boxed().toList());
    for (int i = 0; i < 300; i++) {
      assertThat(futures.get(i).get()).isEqualTo(i + 1);
    }
    assertThat(map).containsExactly(Map.entry("a", 42));
  }

  private static <T> T get(Future<T> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void resultCanBeAskedForAmid() throws Exception {
    List<String> list = manager.list(List.of("a"));
    manager.pipeline(p -> {
      Future<String> first = p.call(list, List::getFirst);
      assertThat(first.isDone()).isFalse();
      assertThat(get(first)).isEqualTo("a");
    });
  }

  @Test
  void exceptionStopsNoneOfTheOthers() throws Exception {
    List<Integer> list = manager.list();
    Failing failing = manager.create(FAILING);
    var results = new ArrayList<Future<?>>();
    assertThatThrownBy(() ->
            manager.pipeline(p -> {
              results.add(p.call(list, l -> l.get(7)));
              p.run(failing, f -> f.fail("no reason"));
              results.add(p.call(failing, Failing::unsendable));
              p.run(list, l -> l.set(5, 5));
              results.add(p.call(list, l -> l.add(1)));
            }))
        .isInstanceOf(RemoteCallException.class)
        .hasCauseInstanceOf(IOException.class)
        .satisfies(e ->
            assertThat(requireNonNull(e.getCause()).getSuppressed())
                .hasAtLeastOneElementOfType(IndexOutOfBoundsException.class));
    assertThat(list).containsExactly(1);
    assertThat(results.get(0).exceptionNow()).isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(results.get(1).exceptionNow())
        .isInstanceOf(RemoteCallException.class)
        .hasMessageContaining("java.lang.Object");
    assertThat(results.get(2).resultNow()).isEqualTo(true);
  }

  @Test
  void manyCallsGoInPartsAndWithBoundedMemory() throws Exception {
    List<Integer> list = manager.list();
    long trips =
        roundTrips(() ->
            manager.pipeline(p ->
                p.run(
                    list,
                    l -> {
                      for (int i = 0; i < 20_000; i++) {
                        l.add(i);
                      }
                    })));
    assertThat(trips).isEqualTo(20);
    assertThat(list).hasSize(20_000);
    String big = "x".repeat(100_000);
    List<String> texts = manager.list();
    trips =
        roundTrips(() ->
            manager.pipeline(p -> {
              for (int i = 0; i < 9; i++) {
                p.run(texts, l -> l.add(big));
              }
            }));
    assertThat(trips).isEqualTo(3);
    var copies = new ArrayList<Future<String>>();
    trips =
        roundTrips(() ->
            manager.pipeline(p -> {
              for (int i = 0; i < 200; i++) { // 20 MB of replies, which no side keeps at once
                int which = i % 9;
                copies.add(p.call(texts, l -> l.get(which)));
              }
            }));
    assertThat(trips).isEqualTo(1);
    assertThat(copies).allSatisfy(copy -> assertThat(copy.get()).isEqualTo(big));
  }

  @Test
  void callsArePartOfTheirThread() throws Exception {
    Lock lock = manager.lock();
    List<List<Integer>> outer = manager.list();
    List<Integer> inner = manager.list();
    manager.pipeline(p -> {
      p.run(lock, Lock::lock);
      p.run(outer, l -> l.add(inner));
      p.run(inner, l -> l.add(1));
      Future<List<Integer>> there = p.call(outer, l -> l.get(0));
      p.flush();
      assertThat(there.resultNow()).isEqualTo(inner);
    });
    assertThatThrownBy(lock::lock).isInstanceOf(IllegalMonitorStateException.class);
    lock.unlock();
    assertThat(outer.get(0)).containsExactly(1);
  }

  @Test
  void interruptLeavesOutWhatIsStillToCome() throws Exception {
    BlockingQueue<String> queue = manager.queue();
    List<Integer> list = manager.list();
    List<Future<?>> results;
    do { // once more if the interrupt came before the call had begun
      results = interrupted(queue, list);
    } while (results.get(0).isCancelled());
    Future<?> begun = results.get(0);
    Future<?> leftOut = results.get(1);
    assertThat(begun.exceptionNow()).isInstanceOf(InterruptedException.class);
    assertThat(leftOut.isCancelled()).isTrue();
    assertThatThrownBy(leftOut::get).isInstanceOf(CancellationException.class);
    assertThat(list).isEmpty();
    queue.put("kept");
    assertThat(queue.take()).isEqualTo("kept");
  }

  /// What became of two calls whose caller is interrupted at the first.
  private List<Future<?>> interrupted(BlockingQueue<String> queue, List<Integer> list)
      throws Exception {
    Event begun = manager.event();
    var thrown = new CompletableFuture<Throwable>();
    var results = new ArrayList<Future<?>>();
    Thread caller =
        Thread.ofPlatform()
            .start(() ->
                thrown.complete(
                    catchThrowable(() ->
                        manager.pipeline(p -> {
                          p.run(begun, Event::set);
                          results.add(p.call(queue, BlockingQueue::take));
                          results.add(p.call(list, l -> l.add(1)));
                        }))));
    begun.await();
    caller.interrupt();
    assertThat(thrown.get(30, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    return results;
  }

  @Test
  void mistakesAreToldWhereTheyAreMade() throws Exception {
    List<Object> list = manager.list();
    BlockingQueue<Integer> queue = manager.queue();
    Pipeline[] kept = new Pipeline[1];
    manager.pipeline(p -> {
      kept[0] = p;
      assertThatThrownBy(() -> p.run(list, l -> l.add(new Object())))
          .isInstanceOf(NotSendableException.class);
      assertThatThrownBy(() -> p.run(queue, q -> q.drainTo(new ArrayList<>())))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("method=drainTo");
      assertThatThrownBy(() -> p.call(list, List::iterator))
          .isInstanceOf(UnsupportedOperationException.class);
      assertThatThrownBy(() -> p.call(list, Object::hashCode))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("calls=0");
      assertThatThrownBy(() -> p.run(new ArrayList<>(), l -> l.add(1)))
          .isInstanceOf(IllegalArgumentException.class);
      p.run(list, l -> l.add("sent"));
    });
    assertThat(list).containsExactly("sent");
    assertThatThrownBy(() -> kept[0].run(list, List::clear))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() ->
            manager.pipeline(p -> {
              p.run(list, List::clear);
              throw new IllegalStateException("no");
            }))
        .hasMessage("no");
    assertThat(list).hasSize(1);
  }

  @Test
  void strangersCallThatCannotBeReadFailsAlone() throws Exception {
    Address address = manager.address().orElseThrow();
    try (ChildJvm stranger = ChildJvm.body(() -> recordFromAfar(address)).start()) {
      assertThat(stranger.join(Deadlines.LONG)).as("%s", stranger.err()).isZero();
    }
  }

  /// In a process of another session.
  private static void recordFromAfar(Address address) throws Exception {
    SyncManager client =
        new SyncManager(ManagerOptions.defaults().withAddress(address).withAuthKey(AuthKey.of(KEY)))
            .connect();
    List<Object> list = client.list();
    var refused = new ArrayList<Future<?>>();
    client.pipeline(p -> {
      p.run(list, l -> l.add(1));
      refused.add(p.call(list, l -> l.add(new Unknown(1))));
      p.run(list, l -> l.add(2));
    });
    assertThat(list).containsExactly(1, 2);
    assertThat(refused.getFirst().exceptionNow())
        .isInstanceOf(RemoteCallException.class)
        .hasMessageContaining("cannot be read");
  }

  @Test
  void deathOfTheServerIsTold() throws Exception {
    try (SyncManager mortal = new SyncManager().start()) {
      BlockingQueue<String> queue = mortal.queue();
      var results = new ArrayList<Future<String>>();
      var thrown = new CompletableFuture<Throwable>();
      Event begun = mortal.event();
      Thread.ofPlatform()
          .start(() ->
              thrown.complete(
                  catchThrowable(() ->
                      mortal.pipeline(p -> {
                        p.run(begun, Event::set);
                        results.add(p.call(queue, BlockingQueue::take));
                      }))));
      begun.await();
      mortal.process().orElseThrow().kill();
      assertThat(thrown.get(30, TimeUnit.SECONDS))
          .isInstanceOf(ProcessException.class)
          .hasMessageContaining("SIGKILL");
      assertThatThrownBy(() -> results.get(0).get())
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(ProcessException.class);
    }
  }

  @Test
  void bulkMethodsTakeOneRoundTrip() throws Exception {
    List<Integer> some = IntStream.range(0, 1000).boxed().toList();
    List<Integer> list = manager.list();
    assertThat(roundTrips(() -> list.addAll(some))).isEqualTo(1);
    assertThat(roundTrips(() -> list.addAll(500, some))).isEqualTo(1);
    assertThat(roundTrips(() -> list.containsAll(some))).isEqualTo(1);
    assertThat(roundTrips(() -> list.retainAll(some.subList(0, 100)))).isEqualTo(1);
    assertThat(roundTrips(() -> list.removeAll(some.subList(50, 60)))).isEqualTo(1);
    assertThat(roundTrips(list::toArray)).isEqualTo(1);
    assertThat(roundTrips(list::removeLast)).isEqualTo(1);
    assertThat(list).hasSize(179);
    assertThat(roundTrips(() -> list.subList(10, 170).clear())).isEqualTo(2);
    assertThat(list).hasSize(19);

    BlockingQueue<Integer> queue = manager.queue();
    List<Integer> drained = new ArrayList<>();
    assertThat(roundTrips(() -> queue.addAll(some))).isEqualTo(1);
    assertThat(roundTrips(() -> queue.containsAll(some))).isEqualTo(1);
    assertThat(roundTrips(() -> queue.removeAll(some.subList(0, 100)))).isEqualTo(1);
    assertThat(roundTrips(() -> queue.retainAll(some.subList(100, 300)))).isEqualTo(1);
    assertThat(roundTrips(() -> queue.drainTo(drained, 150))).isEqualTo(1);
    assertThat(roundTrips(() -> queue.drainTo(drained))).isEqualTo(1);
    assertThat(drained).isEqualTo(some.subList(100, 300));

    ConcurrentMap<Integer, String> map = manager.map();
    Map<Integer, String> entries = new java.util.HashMap<>();
    some.forEach(i -> entries.put(i, "x" + i));
    assertThat(roundTrips(() -> map.putAll(entries))).isEqualTo(1);
    assertThat(roundTrips(() -> map.keySet().containsAll(some))).isEqualTo(1);
    assertThat(roundTrips(() -> map.keySet().removeAll(some.subList(0, 100)))).isEqualTo(1);
    assertThat(roundTrips(() -> map.keySet().retainAll(some.subList(0, 200)))).isEqualTo(1);
    assertThat(map.keySet()).containsExactlyInAnyOrderElementsOf(some.subList(100, 200));

    Set<Integer> set = manager.set();
    assertThat(roundTrips(() -> set.addAll(some))).isEqualTo(1);
    assertThat(roundTrips(() -> set.containsAll(some))).isEqualTo(1);
    assertThat(roundTrips(() -> set.removeAll(some.subList(0, 990)))).isEqualTo(1);
    assertThat(roundTrips(() -> set.retainAll(some.subList(0, 995)))).isEqualTo(1);
    assertThat(set).hasSize(5);
  }
}

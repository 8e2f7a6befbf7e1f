package io.procession.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.manager.BaseManager;
import io.procession.manager.BaseProxy;
import io.procession.manager.ManagedType;
import io.procession.manager.ManagerOptions;
import io.procession.manager.Namespace;
import io.procession.manager.SyncManager;
import io.procession.sync.Event;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/// The manager of a context: collections and objects of own types, used by several processes.
@TestInstance(Lifecycle.PER_CLASS)
abstract class ManagerContract extends Contract {
  private @Nullable SyncManager started;

  @BeforeAll
  final void start() {
    started = way().context().manager();
  }

  @AfterAll
  final void shutDown() {
    manager().close();
  }

  private SyncManager manager() {
    return Objects.requireNonNull(started);
  }

  @Test
  void listsAreListsOfTheServer() throws Exception {
    List<Object> list = manager().list(List.of(0, 1, 2));
    List<Object> other = manager().list();
    peer(0)
        .run(() -> {
          list.add("hello");
          list.set(0, 100);
          other.add(list);
        });
    assertThat(list).containsExactly(100, 1, 2, "hello").isEqualTo(List.of(100, 1, 2, "hello"));
    assertThat(list.subList(1, 3)).containsExactly(1, 2);
    assertThat(other.get(0)).isEqualTo(list);
    list.remove("hello");
    assertThat((List<?>) other.get(0)).hasSize(3);
    Iterator<Object> elements = list.iterator();
    list.set(1, "changed");
    assertThat(elements.next()).isEqualTo(100);
    list.clear();
    assertThat(list).isEmpty();
  }

  @Test
  void listMayHoldItself() throws Exception {
    List<Object> list = manager().list();
    list.add(list);
    peer(0).run(() -> ((List<?>) list.get(0)).clear());
    assertThat(list).isEmpty();
  }

  @Test
  void mapsNestAndOutliveWhatHeldThem() throws Exception {
    ConcurrentMap<String, Integer> pets = manager().map(Map.of("ferrets", 2, "hamsters", 4));
    ConcurrentMap<String, Object> all = manager().map();
    all.put("pets", pets);
    peer(0)
        .run(() -> {
          Object inner = Objects.requireNonNull(all.get("pets"));
          @SuppressWarnings("unchecked")
          Map<String, Integer> map = (Map<String, Integer>) inner;
          map.put("marmots", 1);
        });
    assertThat(pets).containsOnlyKeys("ferrets", "hamsters", "marmots");
    all.clear();
    assertThat(all).isEmpty();
    assertThat(pets).containsEntry("hamsters", 4);
    assertThat(pets.entrySet()).hasSize(3);
    assertThat(pets.values()).containsExactlyInAnyOrder(2, 4, 1);
  }

  @Test
  void setsAndQueuesAreElementsToo() throws Exception {
    Set<String> set = manager().set(List.of("a", "b"));
    BlockingQueue<Integer> queue = manager().queue();
    List<Object> holder = manager().list();
    holder.add(queue);
    holder.add(set);
    peer(0)
        .run(() -> {
          @SuppressWarnings("unchecked")
          BlockingQueue<Integer> inner = (BlockingQueue<Integer>) holder.get(0);
          inner.put(123);
          ((Set<?>) holder.get(1)).remove("a");
        });
    assertThat(queue.take()).isEqualTo(123);
    assertThat(set).containsExactly("b");
    assertThat(set.contains("b") && !set.contains("a")).isTrue();
    assertThat(set.retainAll(Set.of())).isTrue();
    assertThat(set).isEmpty();
  }

  @Test
  void namespaceHasWhatItWasGiven() throws Exception {
    Namespace namespace = manager().namespace();
    namespace.set("name", "Bob");
    namespace.set("job", "Builder");
    peer(0).run(() -> namespace.remove("job"));
    assertThat(namespace.get("name", String.class)).isEqualTo("Bob");
    assertThat(namespace.names()).containsExactly("name");
    assertThat(namespace).hasToString("Namespace{name=Bob}");
  }

  @Test
  void exceptionsOfTheServersObjectsAreThrownHere() {
    List<Integer> list = manager().list();
    assertThatThrownBy(() -> list.get(0)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> manager().<Integer>queue().element())
        .isInstanceOf(NoSuchElementException.class);
  }

  interface Counter {
    int next();

    void fail();

    int hidden();

    long pid();
  }

  private static final class CounterThere implements Counter {
    private int count;

    @Override
    public int next() {
      return count++;
    }

    @Override
    public void fail() {
      throw new IllegalThreadStateException("as it shall");
    }

    @Override
    public int hidden() {
      return -1;
    }

    @Override
    public long pid() {
      return ProcessHandle.current().pid();
    }
  }

  @Test
  void objectsOfOwnTypesAreServed() throws Exception {
    ManagedType<Counter> type =
        ManagedType.of(Counter.class, CounterThere::new).exposing("next", "fail", "pid");
    Event initialized = way().event();
    ManagerOptions options = ManagerOptions.defaults().withLaunch(way().launch());
    try (BaseManager own = new BaseManager(options)) {
      own.register(type).start(initialized::set);
      assertThat(initialized.isSet()).isTrue();
      Counter counter = own.create(type);
      assertThat(BaseProxy.isProxy(counter)).isTrue();
      assertThat(counter.next()).isZero();
      peer(0).run(() -> assertThat(counter.next()).isEqualTo(1));
      assertThat(counter.next()).isEqualTo(2);
      assertThatThrownBy(counter::fail).isInstanceOf(IllegalThreadStateException.class);
      assertThatThrownBy(counter::hidden).isInstanceOf(RuntimeException.class);
      long here = ProcessHandle.current().pid();
      assertThat(counter.pid() != here).isEqualTo(way().isOfJvms());
    }
  }
}

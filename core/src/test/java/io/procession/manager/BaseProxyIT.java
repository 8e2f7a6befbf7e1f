package io.procession.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.process.JvmProcess;
import io.procession.process.RemoteCallException;
import io.procession.testing.Deadlines;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Copies, calls by name, and objects that do not answer.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class BaseProxyIT {
  private static SyncManager manager;

  interface Thing {
    int number();

    void fail() throws IOException;
  }

  static final class NumberedThing implements Thing, Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public int number() {
      return 7;
    }

    @Override
    public void fail() throws IOException {
      throw new IOException("it does");
    }
  }

  static final class Hung implements Thing {
    @Override
    public int number() {
      return 0;
    }

    @Override
    public void fail() {}

    private static void hang() {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public String toString() {
      hang();
      return "hung";
    }

    @Override
    public int hashCode() {
      hang();
      return 0;
    }

    @Override
    public boolean equals(Object other) {
      hang();
      return false;
    }
  }

  private static final List<String> KEYS = List.of("z", "y", "x", "a", "b");
  private static final ManagedType<Thing> THING = ManagedType.of(Thing.class, NumberedThing::new);
  private static final ManagedType<Thing> HUNG =
      ManagedType.<Thing>of(Thing.class, Hung::new).withName("Hung");
  private static final ManagedType<Thing> HIDING = THING.withName("Hiding").exposing("number");

  @SuppressWarnings({"unchecked", "rawtypes"}) // a class literal has no arguments
  private static final ManagedType<Map<String, @Nullable Integer>> ORDERED =
      (ManagedType) ManagedType.of(Map.class, BaseProxyIT::ordered).withName("Ordered");

  private static Map<String, @Nullable Integer> ordered() {
    Map<String, @Nullable Integer> map = new LinkedHashMap<>();
    for (String key : KEYS) {
      map.put(key, null);
    }
    return map;
  }

  @BeforeAll
  static void start() {
    manager =
        new SyncManager().register(THING).register(HUNG).register(HIDING).register(ORDERED).start();
  }

  @AfterAll
  static void shutDown() {
    manager.close();
  }

  @Test
  void copyIsAnObjectOfThisProcess() throws Exception {
    List<Object> list = manager.list(List.of(1, "two"));
    List<Integer> inner = manager.list(List.of(3));
    list.add(inner);
    List<Object> copy = BaseProxy.of(list).getValue();
    assertThat(BaseProxy.isProxy(copy)).isFalse();
    assertThat(copy).hasSize(3).startsWith(1, "two");
    inner.add(4);
    assertThat(copy.get(2)).isEqualTo(List.of(3, 4)); // a proxy still
    copy.clear();
    assertThat(list).hasSize(3);

    ConcurrentMap<String, Object> map = manager.map(Map.of("a", 1));
    map.put("inner", inner);
    ConcurrentMap<String, Object> entries = BaseProxy.of(map).getValue();
    assertThat(entries).containsEntry("a", 1).containsEntry("inner", inner);
    assertThat(BaseProxy.of(manager.create(ORDERED)).getValue().keySet())
        .containsExactlyElementsOf(KEYS);
    assertThat(BaseProxy.of(manager.set(List.of(1, 2))).getValue()).isEqualTo(Set.of(1, 2));
    BlockingQueue<Integer> queue = manager.queue();
    queue.put(1);
    assertThat(BaseProxy.of(queue).getValue().take()).isEqualTo(1);
    assertThat(queue).hasSize(1);
    assertThat(BaseProxy.of(manager.array(List.of(1, 2))).getValue()).isEqualTo(List.of(1, 2));
    Namespace namespace = manager.namespace();
    namespace.set("x", 1);
    assertThat(BaseProxy.of(namespace).getValue().get("x", Integer.class)).isEqualTo(1);
    assertThat(BaseProxy.of(manager.value(5)).getValue().get()).isEqualTo(5);
    Thing thing = BaseProxy.of(manager.create(THING)).getValue();
    assertThat(thing).isInstanceOf(NumberedThing.class);
    assertThatThrownBy(() -> BaseProxy.of(manager.lock()).getValue())
        .isInstanceOf(RemoteCallException.class);
    assertThatThrownBy(() -> BaseProxy.of(manager.create(HIDING)).getValue())
        .isInstanceOf(RemoteCallException.class)
        .hasMessageContaining("not exposed");
  }

  @Test
  void methodsAreCalledByName() throws Exception {
    List<Integer> list = manager.list(List.of(10, 20));
    BaseProxy<List<Integer>> proxy = BaseProxy.of(list);
    assertThat(proxy.callMethod("get", 1)).isEqualTo(20);
    assertThat(proxy.callMethod("remove(int)", 0)).isEqualTo(10);
    assertThat(proxy.type()).isEqualTo("list");
    assertThat(proxy)
        .hasToString(
            "BaseProxy[list " + proxy.id() + " of " + manager.process().orElseThrow().name() + "]");
    Thing thing = manager.create(THING);
    assertThatThrownBy(() -> BaseProxy.of(thing).callMethod("fail"))
        .isExactlyInstanceOf(IOException.class);
    assertThatThrownBy(() -> BaseProxy.of(thing).callMethod("no"))
        .isInstanceOf(RemoteCallException.class)
        .hasMessageContaining("method=no");
    assertThatThrownBy(() -> BaseProxy.of(new ArrayList<>()))
        .isInstanceOf(IllegalArgumentException.class);
    String id = proxy.id();
    try (JvmProcess other =
        JvmProcess.of(() -> {
          if (!BaseProxy.of(list).id().equals(id)) {
            System.exit(1);
          }
        })) {
      other.start();
      other.join();
      assertThat(other.exitCode()).hasValue(0);
    }
  }

  @Test
  void objectThatDoesNotAnswerHoldsUpNobody() {
    Thing hung = manager.create(HUNG);
    long start = System.nanoTime();
    assertThat(hung.toString()).contains("Hung").contains("does not answer");
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofSeconds(1), Deadlines.LONG);
    start = System.nanoTime();
    for (int i = 0; i < 100; i++) {
      assertThat(hung.toString()).contains("does not answer"); // and is not asked again each time
    }
    assertThat(System.nanoTime() - start).isLessThan(Deadlines.LONG.toNanos());
    Thing thing = manager.create(THING);
    assertThatThrownBy(() -> hung.equals(thing))
        .isInstanceOf(RemoteCallException.class)
        .hasMessageContaining("does not answer in time");
    assertThat(manager.debugInfo())
        .contains("its toString does not return")
        .contains("type=Thing")
        .contains(BaseProxy.of(thing).id());
    assertThat(hung.number()).isZero();
    assertThat(thing.number()).isEqualTo(7);
    Awaitility.await() // the calls that nobody waits for have been ended
        .atMost(Deadlines.LONG)
        .until(() -> !hung.toString().isEmpty() && manager.numberOfObjects() >= 2);
  }
}

package io.procession.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import example.Wares;
import io.procession.internal.remote.Admission;
import io.procession.pool.PoolOptions;
import io.procession.process.JvmProcess;
import io.procession.process.LaunchOptions;
import io.procession.process.RemoteCallException;
import io.procession.queue.SharedQueue;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Which classes a server takes over a network: what the registered types name, and nothing that they
/// do not.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ManagedTypesIT {
  private static final String[] EXPOSED = {
    "keep", "many", "wild", "person", "shape", "bound", "anything", "url"
  };

  private static ManagedType<Wares.Taker> taker() {
    return ManagedType.of(Wares.Taker.class, Wares.Taking::new).exposing(EXPOSED);
  }

  private static void refused(String name, ThrowingCallable call) {
    assertThatThrownBy(call)
        .as(name)
        .isInstanceOf(RemoteCallException.class)
        .hasMessageContaining(name + "; objects of this class are not taken here");
  }

  @Test
  void whatRegisteredTypesNameIsTaken() throws Exception {
    try (FarServer server = FarServer.start(options -> new SyncManager(options).register(taker()));
        SyncManager client = new SyncManager(server.options()).register(taker()).connect()) {
      Wares.Taker taker = client.create(taker());
      List<Wares.Point> points =
          List.of(new Wares.Point(1, TimeUnit.DAYS, List.of(new Wares.Mark("m"))));
      assertThat(taker.many(points)).isEqualTo(points.toString());
      assertThat(taker.wild(Map.of("a", Wares.Size.values()))).isEqualTo("[SMALL, LARGE]");
      assertThat(taker.person(new Wares.Employee("Ada", List.of(new Wares.Place("Ulm")), "")))
          .isEqualTo("Ada [Place[town=Ulm]]");
      assertThat(taker.shape(new Wares.Circle(1))).isEqualTo("Circle");
      assertThat(taker.shape(new Wares.Square())).isEqualTo("Square");
      assertThat(taker.bound(List.of(new Wares.Bound()))).isEqualTo("Bound");
      assertThat(taker.keep(new Wares.Tag())).isEqualTo("Tag");
      List<Object> list = client.list();
      list.add(points.getFirst()); // of the whole server
      assertThat(list).containsExactlyElementsOf(points);
    }
  }

  @Test
  void whatTheyDoNotNameIsRefused() throws Exception {
    try (FarServer server = FarServer.start(options -> new SyncManager(options).register(taker()));
        SyncManager client = new SyncManager(server.options()).register(taker()).connect()) {
      Wares.Taker taker = client.create(taker());
      refused("Unnamed", () -> taker.anything(new Wares.Unnamed()));
      refused("Impostor", () -> taker.person(new Wares.Impostor()));
      refused(
          "Unnamed", () -> taker.person(new Wares.Employee("Eve", List.of(), new Wares.Unnamed())));
      refused("java.util.Random", () -> taker.anything(new Random()));
      refused("java.net.URL", () -> taker.url(URI.create("http://localhost/").toURL()));
      refused("Hidden", () -> taker.anything(new Wares.Hidden()));
      assertThat(taker.anything("well")).isEqualTo("well");
    }
  }

  interface Careless {
    void options(List<LaunchOptions> options, Map<PoolOptions, Packed> pools);

    void queue(PriorityBlockingQueue<Wares.Mark> queue);

    void task(io.procession.serial.SerializableRunnable task);
  }

  @Test
  void classesOfTheLibraryAndTheJdkAreNotNamed() {
    var admitted =
        Admission.of(
            List.of(ManagedType.of(Careless.class, () -> null).served()), Set.<String>of());
    for (Class<?> refused :
        List.of(
            Packed.class,
            PriorityBlockingQueue.class,
            Random.class,
            java.lang.invoke.SerializedLambda.class)) {
      assertThat(admitted.test(refused.getName())).as("%s", refused).isFalse();
    }
    assertThat(admitted.test(Wares.Mark.class.getName())).isTrue();
    assertThat(admitted.test(ArrayList.class.getName())).isTrue();
  }

  @Test
  void othersCanBeAllowed() throws Exception {
    try (FarServer server =
            FarServer.start(options ->
                new SyncManager(options.withAllowed(Wares.Unnamed.class)).register(taker()));
        SyncManager client = new SyncManager(server.options()).register(taker()).connect()) {
      assertThat(client.create(taker()).anything(new Wares.Unnamed())).isEqualTo("allowed");
      refused("Hidden", () -> client.create(taker()).anything(new Wares.Hidden()));
    }
  }

  @Test
  void namespaceHasValuesOfEveryClass() throws Exception {
    try (FarServer server = FarServer.start(options -> new SyncManager(options));
        SyncManager client = server.client()) {
      Namespace namespace = client.namespace();
      namespace.set("list", List.of(1, 2));
      namespace.set("count", 3);
      Object list = namespace.get("list", List.class);
      assertThat(list).isEqualTo(List.of(1, 2));
      assertThat((Object) namespace.get("list", Collection.class)).isEqualTo(list);
      assertThat(namespace.get("count", Number.class)).isEqualTo(3);
      assertThat(namespace.get("count", Object.class)).isEqualTo(3);
      assertThatThrownBy(() -> namespace.get("count", Wares.Tag.class))
          .isInstanceOf(ClassCastException.class);
      assertThatThrownBy(() -> namespace.get("no", List.class))
          .isInstanceOf(NoSuchElementException.class)
          .hasMessageContaining("name=no");
      assertThat(namespace.names()).containsExactly("count", "list");
      assertThat(namespace.remove("list")).isTrue();
      assertThat(namespace.remove("list")).isFalse();
      assertThat(namespace).hasToString("Namespace{count=3}");
    }
  }

  @Test
  void namespaceHasThemInAPipelineToo() throws Exception {
    try (FarServer server = FarServer.start(options -> new SyncManager(options));
        SyncManager client = server.client()) {
      Namespace namespace = client.namespace();
      List<Future<?>> got = new ArrayList<>();
      client.pipeline(p -> {
        p.run(namespace, n -> n.set("list", List.of(1, 2)));
        got.add(p.call(namespace, n -> n.get("list", List.class)));
        got.add(p.call(namespace, n -> n.get("list", Wares.Tag.class)));
        got.add(p.call(namespace, n -> n.get("no", List.class)));
      });
      assertThat((Object) got.get(0).get()).isEqualTo(List.of(1, 2));
      assertThatThrownBy(() -> got.get(1).get()).hasCauseInstanceOf(ClassCastException.class);
      assertThatThrownBy(() -> got.get(2).get()).hasCauseInstanceOf(NoSuchElementException.class);
    }
  }

  interface Lamp {
    boolean isLit();
  }

  private static ManagedType<Lamp> lamp() {
    return ManagedType.of(Lamp.class, () -> () -> true);
  }

  private static void receive(SharedQueue<Lamp> way, SharedQueue<Object> said) throws Exception {
    try {
      said.put(way.take().isLit());
    } catch (RuntimeException | Error e) {
      said.put(String.valueOf(e));
    }
  }

  @Test
  void whatArrivesHasItsInterfaceAlready() throws Exception {
    try (FarServer server = FarServer.start(options -> new SyncManager(options).register(lamp()));
        SyncManager client = new SyncManager(server.options()).register(lamp()).connect();
        SharedQueue<Lamp> way = SharedQueue.create();
        SharedQueue<Object> said = SharedQueue.create()) {
      way.put(client.create(lamp()));
      try (JvmProcess receiver = JvmProcess.of(() -> receive(way, said))) {
        receiver.start();
        assertThat(said.take()).isEqualTo(true);
      }
      way.destroy();
      said.destroy();
    }
  }
}

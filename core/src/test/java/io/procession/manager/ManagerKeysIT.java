package io.procession.manager;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.procession.connection.Address;
import io.procession.connection.AuthKey;
import io.procession.process.JvmProcess;
import io.procession.queue.SharedQueue;
import io.procession.serial.ByteSink;
import io.procession.serial.Codec;
import io.procession.serial.SerializableCallable;
import io.procession.serial.SerializableRunnable;
import io.procession.testing.ChildJvm;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// With what key, and in what other ways, a proxy that has arrived reaches its server.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ManagerKeysIT {
  private static final String KEY = "a key of this test";

  interface Numbers {
    Iterator<Integer> upTo(int count);
  }

  private static final ManagedType<Numbers> NUMBERS =
      ManagedType.<Numbers>of(Numbers.class, () -> count -> IntStream.range(0, count).iterator())
          .returningIterator("upTo");

  interface Directory {
    void put(String name, Object object);

    Object get(String name);
  }

  /// One for all, at the server.
  private static final class Shelf implements Directory {
    static final Shelf ONE = new Shelf();
    private final ConcurrentHashMap<String, Object> objects = new ConcurrentHashMap<>();

    @Override
    public void put(String name, Object object) {
      objects.put(name, object);
    }

    @Override
    public Object get(String name) {
      return requireNonNull(objects.get(name));
    }
  }

  private static final ManagedType<Directory> DIRECTORY =
      ManagedType.of(Directory.class, () -> Shelf.ONE);

  private static ManagerOptions options(Address address) {
    return ManagerOptions.defaults().withAddress(address).withAuthKey(AuthKey.of(KEY));
  }

  private static void run(SerializableRunnable task) throws Exception {
    try (JvmProcess process = JvmProcess.of(task)) {
      process.start();
      process.join();
      assertThat(process.exitCode()).as("%s", process.certificate()).hasValue(0);
    }
  }

  @Test
  void proxiesOfAManagerWithAKeyAreUsableInTheWholeSession() {
    ManagerOptions options = options(Address.tcp("localhost", 0));
    try (SyncManager manager =
            new SyncManager(options).register(NUMBERS).register(DIRECTORY).start();
        SyncManager second = new SyncManager(options).start()) {
      Directory directory = manager.create(DIRECTORY);
      List<String> list = second.list(List.of("of the second"));
      directory.put("list", list);
      Address address = manager.address().orElseThrow();
      try (ChildJvm stranger = ChildJvm.body(() -> useFromAfar(address)).start()) {
        stranger.succeed();
      }
      assertThat(list).containsExactly("of the second", "from afar");
    }
  }

  /// In a process of another session, whose own key is another.
  private static void useFromAfar(Address address) throws Exception {
    SyncManager client =
        new SyncManager(options(address)).register(NUMBERS).register(DIRECTORY).connect();
    BlockingQueue<List<Object>> queue = client.queue();
    List<Object> inner = client.list(List.of(1));
    queue.put(inner);
    assertThat(queue.take()).isEqualTo(List.of(1));
    Iterator<Integer> numbers = client.create(NUMBERS).upTo(5);
    assertThat(bytes(inner)).doesNotContain(KEY);
    try (SharedQueue<List<Object>> way = SharedQueue.create()) {
      run(() -> { // captured
        inner.add(2);
        queue.put(inner);
        assertThat(numbers).toIterable().containsExactly(0, 1, 2, 3, 4);
        List<Object> own = queue.take();
        run(() -> own.add(3)); // by a child of the child
        way.put(own);
      });
      assertThat(way.take()).hasToString("[1, 2, 3]");
      way.put(inner);
      run(() -> assertThat(way.take()).hasSize(3)); // by a queue
      way.destroy();
    }
    @SuppressWarnings("unchecked")
    List<String> list = (List<String>) client.create(DIRECTORY).get("list"); // of another server
    list.add("from afar");
    SerializableCallable<Integer> size = list::size;
    run(() -> assertThat(size.call()).isEqualTo(2));
  }

  private static String bytes(Object object) {
    ByteSink sink = new ByteSink();
    Codec.standard().encode(object, sink);
    return new String(sink.toByteArray(), StandardCharsets.ISO_8859_1);
  }
}

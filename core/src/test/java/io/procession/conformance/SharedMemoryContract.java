package io.procession.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.manager.SharedMemoryManager;
import io.procession.shared.ElementType;
import io.procession.shared.ShareableList;
import io.procession.shared.SharedArray;
import io.procession.shared.SharedMemory;
import io.procession.shared.SharedStruct;
import io.procession.shared.SharedValue;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import org.junit.jupiter.api.Test;

/// Memory is one for all processes, by handle and by name.
abstract class SharedMemoryContract extends Contract {
  @Test
  void isReachedByHandleAndByName() throws Exception {
    String name = "conformance-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
    SharedMemory memory = way().context().sharedMemory(name, 512);
    way()
        .made(
            memory,
            () -> {
              memory.unlink();
              memory.close();
            });
    assertThat(memory.size()).isEqualTo(512);
    assertThat(memory.name()).isEqualTo(name);
    assertThat(memory.toString()).contains(name);
    peer(0).run(() -> write(memory, "HELLO"));
    assertThat(read(memory)).isEqualTo("HELLO");
    peer(1)
        .run(() -> {
          try (SharedMemory attached = SharedMemory.attach(name)) {
            write(attached, "howdy");
          }
        });
    assertThat(read(memory)).isEqualTo("howdy");
    assertThatThrownBy(() -> way().context().sharedMemory(name, 512))
        .isInstanceOf(RuntimeException.class);
    assertThatThrownBy(() -> way().context().sharedMemory(0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> way().context().sharedMemory(-1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void namesAreChecked() {
    for (String name : List.of("with\0zero", "with/slash", "", "a".repeat(1_000))) {
      assertThatThrownBy(() -> way().context().sharedMemory(name, 512))
          .as(name)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void whatWasDestroyedIsNotReached() throws Exception {
    String name = "conformance-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
    SharedMemory memory = way().context().sharedMemory(name, 512);
    ShareableList list = way().context().shareableList(1, 2);
    BlockingQueue<Object> onTheirWay = way().queue();
    onTheirWay.put(memory);
    onTheirWay.put(list);
    memory.unlink();
    memory.close();
    list.unlink();
    list.close();
    peer(0)
        .run(() -> {
          assertThatThrownBy(() -> ((SharedMemory) onTheirWay.take()).buffer())
              .isInstanceOf(Exception.class);
          assertThatThrownBy(() -> ((ShareableList) onTheirWay.take()).get(0))
              .isInstanceOf(Exception.class);
          assertThatThrownBy(() -> SharedMemory.attach(name)).hasMessageContaining(name);
        });
  }

  private static void write(SharedMemory memory, String text) {
    memory.buffer().put(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String read(SharedMemory memory) {
    byte[] bytes = new byte[5];
    memory.buffer().get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private record Point(int x, double y) implements Serializable {}

  @Test
  void rawObjectsAreSharedWithoutALock() throws Exception {
    SharedValue<Long> value = way().context().rawValue(1L << 33);
    way().made(value, value::destroy);
    SharedArray<Double> array = way().context().rawArray(ElementType.DOUBLE, 10);
    way().made(array, array::destroy);
    SharedStruct<Point> struct = way().context().rawStruct(new Point(3, 2.0));
    way().made(struct, struct::destroy);
    peer(0)
        .run(() -> {
          value.set(2 * value.get());
          array.setDouble(9, 4.5);
          struct.set(new Point(6, 4.0));
        });
    assertThat(value.get()).isEqualTo(1L << 34);
    assertThat(array.getDouble(9)).isEqualTo(4.5);
    assertThat(array.getDouble(0)).isZero();
    assertThat(struct.get()).isEqualTo(new Point(6, 4.0));
    assertThatThrownBy(value::lock).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(array::lock).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void listChangesInPlace() throws Exception {
    ShareableList list = way().context().shareableList("howdy", 100, null, true);
    way()
        .made(
            list,
            () -> {
              list.unlink();
              list.close();
            });
    peer(0)
        .run(() -> {
          list.set(1, "some");
          list.set(2, 42);
        });
    assertThat(list).containsExactly("howdy", "some", 42L, true);
    assertThatThrownBy(() -> list.set(0, "far too many")).isInstanceOf(RuntimeException.class);
    assertThatThrownBy(() -> list.get(4)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void endsWithItsManager() throws Exception {
    SharedMemory memory;
    try (SharedMemoryManager manager = way().context().sharedMemoryManager()) {
      SharedMemory made = manager.sharedMemory(32);
      memory = made;
      ShareableList list = manager.shareableList(1, 2);
      peer(0)
          .run(() -> {
            made.buffer().put(31, (byte) 7);
            list.set(0, 7);
          });
      assertThat(made.buffer().get(31)).isEqualTo((byte) 7);
      assertThat(list).containsExactly(7L, 2L);
    }
    assertThatThrownBy(memory::buffer).isInstanceOf(IllegalStateException.class);
  }
}

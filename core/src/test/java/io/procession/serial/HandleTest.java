package io.procession.serial;

import static io.procession.serial.Copies.fastCopy;
import static io.procession.serial.Copies.jdkCopy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InvalidObjectException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HandleTest {

  static final class Thing implements Serializable {
    private static final long serialVersionUID = 1L;
    final transient int cell;

    Thing(int cell) {
      this.cell = cell;
    }

    private Object writeReplace() {
      if (cell < 0) {
        throw new IllegalStateException("closed: cell=" + cell);
      }
      return new Handle(Thing.class.getName(), 77L, cell, 5);
    }

    static Object attach(Handle handle) {
      if (handle.session() != 77L || handle.generation() != 5) {
        throw new IllegalStateException("of another session: session=" + handle.session());
      }
      return new Thing(handle.cell());
    }
  }

  static final class NoAttach {
    Object attach(Handle handle) {
      return handle;
    }
  }

  static final class Empty {
    static @Nullable Object attach(Handle handle) {
      return null;
    }
  }

  static final class Bean implements Serializable {
    private static final long serialVersionUID = 1L;
    final Thing thing = new Thing(9);
  }

  @Test
  void anObjectOfTheLibraryIsAttachedOnArrival() throws Exception {
    assertThat(fastCopy(new Thing(3)).cell).isEqualTo(3);
    assertThat(fastCopy(List.of(new Thing(4))).get(0).cell).isEqualTo(4);
    var thing = new Thing(5);
    SerializableCallable<Integer> lambda = () -> thing.cell;
    assertThat(fastCopy(lambda).call()).isEqualTo(5);
  }

  @Test
  void jdkSerializationAttachesToo() throws Exception {
    assertThat(jdkCopy(new Bean()).thing.cell).isEqualTo(9);
    assertThat(jdkCopy(new ArrayList<>(List.of(new Bean(), new Thing(4))))).hasSize(2);
  }

  @Test
  void aRefusalSaysWhy() {
    assertThatThrownBy(() -> new Handle(Thing.class.getName(), 78, 1, 5).resolve())
        .isInstanceOf(InvalidObjectException.class)
        .hasMessageContaining("of another session: session=78")
        .hasCauseInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> Copies.bytes(new Thing(-1)))
        .isInstanceOf(NotSendableException.class)
        .hasMessageContaining("closed: cell=-1");
  }

  @Test
  void onlyClassesOfTheLibraryThatCanAttachDo() {
    assertThatThrownBy(() -> new Handle("java.lang.Runtime", 1, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Handle("io.procession.Nothing", 1, 1, 1).resolve())
        .isInstanceOf(InvalidObjectException.class)
        .hasCauseInstanceOf(ClassNotFoundException.class);
    assertThatThrownBy(() -> new Handle(NoAttach.class.getName(), 1, 1, 1).resolve())
        .hasCauseInstanceOf(NoSuchMethodException.class);
    assertThatThrownBy(() -> new Handle(Empty.class.getName(), 1, 1, 1).resolve())
        .isInstanceOf(InvalidObjectException.class)
        .hasMessageContaining("nothing attached");
  }
}

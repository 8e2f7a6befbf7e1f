package io.procession.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.procession.internal.arena.Session;
import io.procession.internal.posix.Platform;
import java.io.File;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("platforms")
class SharedMemoryTest {
  private final String name = "test-" + ProcessHandle.current().pid() + "-" + System.nanoTime();

  @Test
  void isZeroAndKeepsWhatIsWritten() {
    try (var memory = SharedMemory.create(100_000)) {
      assertThat(memory.size()).isEqualTo(100_000);
      assertThat(memory.segment().get(ValueLayout.JAVA_LONG, 99_992)).isZero();
      memory.segment().set(ValueLayout.JAVA_LONG, 99_992, 7);
      assertThat(memory.buffer().getLong(99_992)).isEqualTo(7);
      assertThat(memory.isNamed()).isFalse();
      assertThat(memory.toString()).matches("SharedMemory\\[memory-\\d+, 100000 bytes]");
    }
  }

  @Test
  void givesItsMemoryBack() {
    Session session = Session.current();
    int cells = session.directory().inUse();
    int units = session.units().inUse();
    try (var memory = SharedMemory.create(1 << 20)) {
      memory.segment().fill((byte) 1);
      assertThat(session.units().inUse()).isEqualTo(units + 16);
    }
    assertThat(session.units().inUse()).isLessThanOrEqualTo(units);
    assertThat(session.directory().inUse()).isLessThanOrEqualTo(cells);
  }

  @Test
  void whatItGaveOutFailsOnceItIsClosed() {
    var memory = SharedMemory.create(8);
    MemorySegment segment = memory.segment();
    ByteBuffer buffer = memory.buffer();
    memory.close();
    memory.close();
    assertThatIllegalStateException().isThrownBy(() -> segment.get(ValueLayout.JAVA_BYTE, 0));
    assertThatIllegalStateException().isThrownBy(() -> buffer.put((byte) 1));
    assertThatIllegalStateException()
        .isThrownBy(memory::segment)
        .withMessageContaining("closed in this process: memory=");
    assertThat(memory.toString()).contains(memory.name());
  }

  @Test
  void isUnlinkedOnce() {
    var memory = SharedMemory.create(8);
    assertThat(memory.unlink()).isTrue();
    assertThat(memory.unlink()).isFalse();
    assertThatIllegalStateException()
        .isThrownBy(memory::segment)
        .withMessageContaining("destroyed");
  }

  @Test
  void isTheSameWhereItArrives() throws Exception {
    try (var memory = SharedMemory.create(1000)) {
      SharedMemory copy = Sent.copy(memory);
      copy.segment().set(ValueLayout.JAVA_INT, 996, 5);
      assertThat(memory.segment().get(ValueLayout.JAVA_INT, 996)).isEqualTo(5);
      memory.unlink();
      assertThatIllegalStateException()
          .isThrownBy(copy::segment)
          .withMessageContaining("destroyed");
      copy.close();
    }
  }

  @Test
  void readOnlyRefusesWritesAlsoWhereItArrives() throws Exception {
    try (var memory = SharedMemory.create(8)) {
      memory.segment().set(ValueLayout.JAVA_BYTE, 0, (byte) 3);
      SharedMemory copy = Sent.copy(memory.asReadOnly());
      assertThat(copy.isReadOnly()).isTrue();
      assertThat(copy.segment().get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 3);
      assertThatThrownBy(() -> copy.segment().set(ValueLayout.JAVA_BYTE, 0, (byte) 4))
          .isInstanceOf(RuntimeException.class);
      assertThat(memory.segment().get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 3);
      memory.unlink();
    }
  }

  @Test
  void reachesBeyondTwoGibibytes() {
    assumeThat(Platform.current())
        .as("the stand-in zeroes by hand what is freed")
        .isEqualTo(Platform.NATIVE);
    long size = 5L << 30;
    try (var memory = SharedMemory.create(size)) {
      memory.segment().set(ValueLayout.JAVA_BYTE, size - 1, (byte) 9);
      memory.segment().set(ValueLayout.JAVA_BYTE, (1L << 31) + 1, (byte) 8);
      assertThat(memory.segment().get(ValueLayout.JAVA_BYTE, size - 1)).isEqualTo((byte) 9);
      assertThat(memory.segment().get(ValueLayout.JAVA_BYTE, (1L << 31) + 1)).isEqualTo((byte) 8);
      assertThat(memory.segment().get(ValueLayout.JAVA_BYTE, 1)).isZero();
      assertThatThrownBy(memory::buffer).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> memory.segment().get(ValueLayout.JAVA_BYTE, size))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void moreThanTheArenaIsRefusedAndNothingStays() {
    int cells = Session.current().directory().inUse();
    assertThatIllegalStateException()
        .isThrownBy(() -> SharedMemory.create(1L << 40))
        .withMessageContaining("procession.arena.capacity");
    assertThat(Session.current().directory().inUse()).isLessThanOrEqualTo(cells);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE})
  void aSizeIsPositive(long size) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SharedMemory.create(size))
        .withMessageContaining("size=" + size);
    assertThatIllegalArgumentException().isThrownBy(() -> SharedMemory.create(name, size));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/b", "..", ".", "a\0b", "procession-shm-1"})
  void someNamesCannotBe(String bad) {
    assertThatIllegalArgumentException().isThrownBy(() -> SharedMemory.create(bad, 8));
    assertThatIllegalArgumentException().isThrownBy(() -> SharedMemory.attach(bad));
  }

  @Test
  void aNameLeadsToIt() {
    try (var memory = SharedMemory.create(name, 5000);
        var other = SharedMemory.attach(name)) {
      assertThat(other.size()).isEqualTo(5000);
      other.segment().set(ValueLayout.JAVA_BYTE, 4999, (byte) 1);
      assertThat(memory.segment().get(ValueLayout.JAVA_BYTE, 4999)).isEqualTo((byte) 1);
      assertThat(memory.isNamed()).isTrue();
      assertThat(other.name()).isEqualTo(name);
      assertThat(other.unlink()).isTrue();
      assertThat(memory.unlink()).isFalse();
      assertThat(memory.segment().get(ValueLayout.JAVA_BYTE, 4999)).isEqualTo((byte) 1);
    }
  }

  @Test
  void aNameIsTakenOnce() {
    try (var memory = SharedMemory.create(name, 10)) {
      assertThatThrownBy(() -> SharedMemory.create(name, 10))
          .isInstanceOf(UncheckedIOException.class)
          .hasCauseInstanceOf(FileAlreadyExistsException.class)
          .hasMessageContaining(name);
      memory.unlink();
      SharedMemory again = SharedMemory.create(name, 10);
      assertThatThrownBy(memory::asReadOnly)
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("another's");
      assertThat(memory.unlink()).as("the name is another's by now").isFalse();
      assertThat(again.unlink()).isTrue();
      again.close();
    }
  }

  @Test
  void aNameThatIsNotThereIsNotFound() {
    assertThatThrownBy(() -> SharedMemory.attach(name))
        .isInstanceOf(UncheckedIOException.class)
        .hasCauseInstanceOf(NoSuchFileException.class)
        .hasMessageContaining(name);
  }

  @Test
  void attachedReadOnlyItCannotBeChanged() {
    try (var memory = SharedMemory.create(name, 10);
        var reader = SharedMemory.attachReadOnly(name)) {
      memory.segment().set(ValueLayout.JAVA_BYTE, 1, (byte) 1);
      assertThat(reader.segment().get(ValueLayout.JAVA_BYTE, 1)).isEqualTo((byte) 1);
      assertThat(reader.isReadOnly()).isTrue();
      assertThatThrownBy(() -> reader.segment().fill((byte) 0)).isInstanceOf(Exception.class);
      assertThat(memory.segment().get(ValueLayout.JAVA_BYTE, 1)).isEqualTo((byte) 1);
      memory.unlink();
    }
  }

  @Test
  void aCloseEndsTheMapping() {
    var memory = SharedMemory.create(name, 10);
    MemorySegment segment = memory.segment();
    memory.close();
    memory.close();
    assertThatIllegalStateException().isThrownBy(() -> segment.get(ValueLayout.JAVA_BYTE, 0));
    assertThatIllegalStateException().isThrownBy(memory::segment).withMessageContaining(name);
    assertThat(memory.toString()).contains("closed");
    assertThat(memory.unlink()).isTrue();
  }

  @Test
  void isCreatedByAnInterruptedThread() {
    Thread.currentThread().interrupt();
    try (var memory = SharedMemory.create(name, 10)) {
      assertThat(Thread.interrupted()).isTrue();
      assertThat(memory.unlink()).isTrue();
    }
  }

  @Test
  void moreThanThereIsRoomForIsRefusedAndNothingStays() {
    long room = new File("/dev/shm").getTotalSpace();
    assumeThat(room).as("/dev/shm has a limit").isPositive();
    assumeThat(Platform.current()).as("the stand-in would fill it").isEqualTo(Platform.NATIVE);
    assertThatThrownBy(() -> SharedMemory.create(name, room + (1L << 20)))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("ENOSPC")
        .hasMessageContaining("memory without a name has no such limit");
    assertThat(Path.of("/dev/shm", name)).doesNotExist();
  }

  @Test
  void persistentMemoryHasItsNameAlone() throws Exception {
    assumeThat(Path.of("/dev/shm")).isDirectory();
    try (var memory = SharedMemory.createPersistent(name, 10)) {
      Path file = Path.of("/dev/shm", name);
      assertThat(Files.getAttribute(file, "unix:nlink")).isEqualTo(1);
      assertThat(memory.unlink()).isTrue();
    }
  }
}

package io.procession.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.procession.process.JvmProcess;
import io.procession.serial.ByteSink;
import io.procession.serial.ByteSource;
import io.procession.serial.Codec;
import io.procession.serial.SerializableRunnable;
import io.procession.sync.SharedLock;
import io.procession.testing.ChildJvm;
import io.procession.testing.Deadlines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Values and arrays between processes, and what their deaths leave.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@Tag("platforms")
class SharedArrayIT {
  private static final int ROUNDS = 20_000;

  @Test
  void processesChangeItInTurns() throws Exception {
    SharedValue<Long> sum = SharedValue.of(0L);
    SharedArray<Integer> raw = SharedArray.raw(ElementType.INT, 2);
    SharedLock lock = SharedLock.create();
    SharedArray<Integer> guarded = raw.synchronizedOn(lock);
    SerializableRunnable task =
        () -> {
          for (int i = 0; i < ROUNDS; i++) {
            sum.update(old -> old + 2);
            guarded.withLock(() -> guarded.setInt(0, guarded.getInt(0) + 1));
            raw.getAndAdd(1, 1);
          }
        };
    List<JvmProcess> processes = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      JvmProcess process = JvmProcess.of(task);
      process.start();
      processes.add(process);
    }
    for (JvmProcess process : processes) {
      assertThat(process.join(Deadlines.LONG)).isTrue();
      assertThat(process.exitCode()).hasValue(0);
    }
    assertThat(sum.get()).isEqualTo(4L * ROUNDS);
    assertThat(raw).containsExactly(2 * ROUNDS, 2 * ROUNDS);
    sum.destroy();
    raw.destroy();
    lock.destroy();
  }

  @Test
  void aWriterThatIsKilledWithTheLockLeavesBoth() throws Exception {
    SharedArray<Long> array = SharedArray.create(ElementType.LONG, 100_000);
    JvmProcess writer =
        JvmProcess.of(() ->
            array.withLock(() -> {
              for (long i = 1; true; i++) {
                array.setLong(i % array.length(), i);
              }
            }));
    writer.start();
    SharedArray<Long> raw = array.raw();
    await().atMost(Deadlines.LONG).until(() -> raw.getVolatile(50_000) != 0);
    writer.kill();
    assertThat(writer.join(Deadlines.LONG)).isTrue();
    assertThat(array.getLong(50_000) % array.length()).isEqualTo(50_000);
    array.fill(1L);
    assertThat(array.raw().longs().sum()).isEqualTo(100_000);
    array.destroy();
  }

  @Test
  void aForeignSessionIsToldSo(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("bytes");
    String target = file.toString();
    ChildJvm.body(
            () -> {
              ByteSink sink = new ByteSink();
              Codec.standard().encode(SharedArray.raw(ElementType.INT, 3), sink);
              byte[] bytes = new byte[sink.length()];
              System.arraycopy(sink.array(), 0, bytes, 0, bytes.length);
              Files.write(Path.of(target), bytes);
            })
        .start()
        .succeed();
    byte[] bytes = Files.readAllBytes(file);
    assertThatThrownBy(() -> Codec.standard().decode(new ByteSource(bytes, 0, bytes.length)))
        .hasMessageContaining("in its own session only");
  }
}

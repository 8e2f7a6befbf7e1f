package io.procession.examples.census;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.serial.ByteSink;
import io.procession.serial.ByteSource;
import io.procession.serial.Codec;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BatchTest {
  @Test
  void everyPathIsInOneBatch() {
    List<String> paths = paths(1000);

    List<Batch> batches = Batch.split(paths, 2);

    assertThat(batches.stream().flatMap(batch -> batch.paths().stream())).isEqualTo(paths);
    assertThat(batches).extracting(Batch::number).isEqualTo(numbers(batches.size()));
    assertThat(Batch.classesOf(batches)).isEqualTo(1000);
  }

  @Test
  void holdsSomeDozensOfPathsOfMany() {
    assertThat(Batch.split(paths(1000), 2).getFirst().paths()).hasSize(48);
  }

  @Test
  void holdsFewerPathsOfFewSoThatEveryWorkerGetsItsShare() {
    assertThat(Batch.split(paths(56), 2)).hasSizeGreaterThanOrEqualTo(16);
    assertThat(Batch.split(paths(3), 64)).hasSize(3);
    assertThat(Batch.split(paths(3), Integer.MAX_VALUE)).hasSize(3);
    assertThat(Batch.split(List.of(), 2)).isEmpty();
  }

  @Test
  void countsTheSameWhenCountedAgain() throws IOException {
    Batch batch = new Batch(7, List.of("/modules/java.base/java/lang/Object.class"));

    BatchCount count = batch.count();

    assertThat(count.batch()).isEqualTo(7);
    assertThat(count.pid()).isEqualTo(ProcessHandle.current().pid());
    assertThat(count.tally().total().classes()).isEqualTo(1);
    assertThat(batch.count()).isEqualTo(count);
  }

  @Test
  void travelsToAWorkerAndItsCountBack() throws Exception {
    Batch batch = new Batch(7, List.of("/modules/java.base/java/lang/Object.class"));

    assertThat(sent(batch)).isEqualTo(batch);
    assertThat(sent(batch.count())).isEqualTo(batch.count());
  }

  @Test
  void namesTheFileThatIsNoClassFile() {
    Batch batch = new Batch(0, List.of("/modules/java.base/java/lang/resources/none.class"));

    assertThatThrownBy(batch::count)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("/modules/java.base/java/lang/resources/none.class");
  }

  private static @Nullable Object sent(Object value) throws Exception {
    ByteSink bytes = new ByteSink();
    Codec.standard().encode(value, bytes);
    return Codec.standard().decode(new ByteSource(bytes.toByteArray()));
  }

  private static List<String> paths(int count) {
    return numbers(count).stream().map(number -> "/modules/m/C" + number + ".class").toList();
  }

  private static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }
}

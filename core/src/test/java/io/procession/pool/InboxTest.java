package io.procession.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.serial.ByteSink;
import io.procession.serial.Codec;
import java.io.StreamCorruptedException;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a worker sends is believed only if it could come now.
class InboxTest {
  private static final int COUNT = 4;

  private final Dispatcher dispatcher = new Dispatcher("pool", 0);
  private final Desk desk = new Desk(new SilentWorker());
  private final BlockingQueue<ChunkJob.Arrival> arrivals = new LinkedBlockingQueue<>();
  private ChunkJob job = chunk();

  @BeforeEach
  void submit() {
    dispatcher.enter(desk);
    job = chunk();
    dispatcher.submit(job, false);
  }

  private ChunkJob chunk() {
    long id = dispatcher.nextId();
    return new ChunkJob(id, new ByteSink(TaskLayout.FROM_AT + 8), 0, COUNT, true, arrivals);
  }

  @Test
  void partsThatFollowEachOtherAreTaken() throws Exception {
    receive(job.id(), ResultHeader.VALUES, false, 0, 2);
    receive(job.id(), ResultHeader.FAILED, false, 2, 1);
    receive(job.id(), ResultHeader.VALUES, true, 3, 1);

    assertThat(arrivals).extracting(arrival -> arrival.answer().from()).containsExactly(0, 2, 3);
    assertThat(desk.tasks).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "2, false, 0, 1", // what was answered before
    "2, false, 2, 1", // one is left out
    "2, true, 1, 2", // the last, but not all
    "2, false, 1, 3", // all, but not the last
    "2, true, 1, 4", // more than there are
    "2, false, 1, 0",
    "2, true, 1, 2147483647",
    "3, true, 1, 1", // an element that fails does not end the others
    "9, true, 1, 3" // no kind of message
  })
  void partsThatDoNotAreRefused(int kind, boolean isLast, int from, int count) throws Exception {
    receive(job.id(), ResultHeader.VALUES, false, 0, 1);

    assertThatThrownBy(() -> receive(job.id(), kind, isLast, from, count))
        .isInstanceOf(StreamCorruptedException.class);

    assertThat(arrivals).hasSize(1);
    assertThat(desk.tasks).containsExactly(job);
    receive(job.id(), ResultHeader.VALUES, true, 1, 3);
    assertThat(arrivals).hasSize(2);
  }

  @Test
  void answerOfATaskThatTheWorkerWasNotGivenIsRefused() {
    assertThatThrownBy(() -> receive(job.id() + 1, ResultHeader.VALUES, true, 0, COUNT))
        .isInstanceOf(StreamCorruptedException.class)
        .hasMessageContaining("nobody asked for")
        .hasMessageContaining("silent");
  }

  private void receive(long task, int kind, boolean isLast, int from, int count)
      throws StreamCorruptedException {
    ByteSink out = new ByteSink(64);
    ResultHeader.write(task, kind, isLast, from, count, out);
    Codec.standard().encode(null, out);
    byte[] message = Arrays.copyOf(out.array(), out.length());
    dispatcher.inbox().received(desk, ResultHeader.read(message), message, null, null);
  }
}

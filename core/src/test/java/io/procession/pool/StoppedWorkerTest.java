package io.procession.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.serial.ByteSink;
import io.procession.serial.Codec;
import io.procession.serial.SerializableCallable;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// A worker that is stopped at its ring has the ring's lock: nobody waits for that again and again.
class StoppedWorkerTest {
  private final Dispatcher dispatcher = new Dispatcher("test", 0);
  private final SilentWorker stopped = new SilentWorker(1);
  private final Desk desk = new Desk(stopped);

  private ApplyJob submit() {
    SerializableCallable<Integer> task = () -> 1;
    long id = dispatcher.nextId();
    ApplyJob job = new ApplyJob(id, TaskLayout.call(id, Codec.standard(), task, TaskLayout.open()));
    dispatcher.submit(job, false);
    return job;
  }

  @Test
  void idleWorkerTriesOnceToGetWhatLiesBeforeIt() {
    dispatcher.enter(desk);
    submit();
    submit();
    dispatcher.enter(new Desk(new SilentWorker()));

    assertThat(stopped.recalls).hasValue(1);
    assertThat(desk.load()).isEqualTo(2);
  }

  @Test
  void taskIsCancelledAllTheSame() {
    dispatcher.enter(desk);
    submit();
    ApplyJob second = submit();

    assertThat(dispatcher.cancel(second)).isTrue();
    assertThat(second.isEnded()).isTrue();
    assertThat(dispatcher.cancel(second)).isFalse();
  }

  @Test
  void workerThatSpeaksAgainIsTriedAgain() throws Exception {
    dispatcher.enter(desk);
    ApplyJob first = submit();
    submit();
    dispatcher.enter(new Desk(new SilentWorker()));
    assertThat(desk.isStuck).isTrue();

    ByteSink out = new ByteSink(64);
    ResultHeader.write(first.id(), ResultHeader.VALUE, true, 0, 1, out);
    Codec.standard().encode(1, out);
    byte[] message = Arrays.copyOf(out.array(), out.length());
    dispatcher.inbox().received(desk, ResultHeader.read(message), message, null, null);

    assertThat(desk.isStuck).isFalse();
    assertThat(first.isAnswered()).isTrue();
  }
}

package io.procession.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.procession.connection.Connection;
import io.procession.connection.Pipe;
import io.procession.process.JvmProcess;
import io.procession.queue.SharedQueue;
import io.procession.serial.SerializableRunnable;
import io.procession.testing.Deadlines;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Senders and receivers at shared ends of one pipe are killed in the midst of traffic, at moments that
/// chance chooses, as in [RandomKillsIT]. Some were started with their end, some receive it through a
/// queue. When the last sender has closed, the stream ends.
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class RandomPipeKillsIT {
  private static final int KILLS = Integer.getInteger("procession.test.kills", 24);
  private static final int AT_A_TIME = 4;
  private static final int MESSAGES_AFTERWARDS = 1_000;
  private static final Duration LOOK = Duration.ofMillis(2);
  private static final long SEED =
      Long.getLong("procession.test.seed", new Random().nextLong() >>> 1);

  private final Base base = Base.now();
  private final AtomicInteger received = new AtomicInteger();
  private volatile boolean writingEnds;
  @TempDir Path folder;

  /// Sends or receives until it is killed, by the end that it is given, or finds in the queue.
  private record Victim(
      @Nullable Connection given, SharedQueue<Connection> way, Ledger ledger, int number)
      implements SerializableRunnable {
    @Override
    public void run() throws Exception {
      Connection end = given != null ? given : way.take();
      ledger.working(number);
      while (true) {
        if (end.isReadable()) {
          ledger.taken(Parcel.of(end.recvBytes()));
        } else if (ledger.isFull(number)) {
          Thread.sleep(1);
        } else {
          send(end, ledger, number);
        }
      }
    }
  }

  @Test
  void nothingIsTornOrLostAndTheStreamEnds() throws Exception {
    System.out.println("RandomPipeKillsIT: seed " + SEED + ", kills " + KILLS);
    Random random = new Random(SEED);
    Ledger ledger = new Ledger(folder.resolve("ledger"), 1 + KILLS, 1 << 16);
    SharedQueue<Connection> way = SharedQueue.create();
    Pipe pipe = Pipe.oneWay();
    int receivers = 0;
    Deque<JvmProcess> victims = new ArrayDeque<>();
    ExecutorService threads =
        Executors.newCachedThreadPool(Thread.ofPlatform().name("survivor-", 0).factory());
    try {
      Future<?> writer = threads.submit(() -> write(pipe.second(), ledger));
      Future<?> reader = threads.submit(() -> read(pipe.first(), ledger));
      for (int kill = 0; kill < KILLS; kill++) {
        boolean receives = random.nextInt(5) < 2;
        receivers += receives ? 1 : 0;
        Connection end = receives ? pipe.first() : pipe.second();
        boolean byQueue = random.nextBoolean();
        if (byQueue) {
          way.put(end);
        }
        JvmProcess victim = JvmProcess.of(new Victim(byQueue ? null : end, way, ledger, 1 + kill));
        victim.setDaemon(true);
        victim.start();
        victims.add(victim);
        if (victims.size() == AT_A_TIME) {
          end(victims.remove(), ledger, 1 + kill - victims.size(), random);
        }
      }
      while (!victims.isEmpty()) {
        end(victims.remove(), ledger, KILLS - victims.size(), random);
      }
      int before = received.get();
      await()
          .atMost(Deadlines.LONG)
          .until(() ->
              received.get() - before > MESSAGES_AFTERWARDS || writer.isDone() || reader.isDone());
      writingEnds = true;
      writer.get(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS);
      pipe.second().close();
      reader.get(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS); // it has found the end
      ledger.verify(receivers);
    } finally {
      writingEnds = true;
      victims.forEach(JvmProcess::kill);
      threads.shutdownNow();
      threads.close();
      pipe.close();
      way.destroy();
    }
    base.awaitAgain();
  }

  private Void write(Connection end, Ledger ledger) throws IOException, InterruptedException {
    while (!writingEnds) {
      send(end, ledger, 0);
      Thread.sleep(1); // leaves the processors to those who are to be killed
    }
    return null;
  }

  private Void read(Connection end, Ledger ledger) throws IOException, InterruptedException {
    int[] last = new int[ledger.senders()];
    while (true) {
      byte[] bytes;
      try {
        bytes = end.recvBytes();
      } catch (EOFException e) {
        return null;
      }
      Parcel parcel = Parcel.of(bytes);
      assertThat(parcel.number()).as("order").isGreaterThanOrEqualTo(last[parcel.sender()]);
      last[parcel.sender()] = parcel.number() + 1;
      ledger.taken(parcel);
      received.incrementAndGet();
    }
  }

  private static void send(Connection end, Ledger ledger, int sender)
      throws IOException, InterruptedException {
    int number = ledger.begin(sender);
    end.sendBytes(new Parcel(sender, number).toBytes());
    ledger.done(sender, number);
  }

  /// Kills a process some time after it has begun to work.
  private static void end(JvmProcess victim, Ledger ledger, int number, Random random)
      throws InterruptedException {
    await().atMost(Deadlines.LONG).pollInterval(LOOK).until(() -> ledger.isWorking(number));
    boolean endedBefore = victim.join(Duration.ofMillis(random.nextInt(40)));
    assertThat(endedBefore).as("ended by itself: %s", victim.certificate()).isFalse();
    victim.kill();
    assertThat(victim.join(Deadlines.LONG)).isTrue();
    victim.close();
  }
}

package io.procession.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.procession.queue.SharedQueue;
import io.procession.testing.Deadlines;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A writer and a reader in this process, who go on with a queue whatever becomes of others.
final class Survivors implements AutoCloseable {
  private static final int MOST_WAITING = 100;

  private final SharedQueue<String> queue;
  private final Ledger ledger;
  private final int sender;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(Thread.ofPlatform().name("survivor-", 0).factory());
  private Future<?> writer = CompletableFuture.completedFuture(null);
  private Future<?> reader = CompletableFuture.completedFuture(null);
  private volatile boolean writingEnds;
  private volatile boolean readingEnds;
  private final AtomicInteger received = new AtomicInteger();

  Survivors(SharedQueue<String> queue, Ledger ledger, int sender) {
    this.queue = queue;
    this.ledger = ledger;
    this.sender = sender;
  }

  void startWriter() {
    writer = threads.submit(this::write);
  }

  void startReader() {
    reader = threads.submit(this::read);
  }

  private Void write() throws InterruptedException {
    while (!writingEnds) {
      if (queue.size() < MOST_WAITING) {
        int number = ledger.begin(sender);
        if (queue.offer(new Parcel(sender, number).toText(), 50, TimeUnit.MILLISECONDS)) {
          ledger.done(sender, number);
        } else {
          ledger.refused(sender);
        }
      } else {
        Thread.sleep(1); // leaves the processors to those who are to be killed
      }
    }
    return null;
  }

  private Void read() throws InterruptedException {
    int[] last = new int[ledger.senders()];
    while (true) {
      boolean ends = readingEnds; // what was there before that is taken
      String text = queue.poll(50, TimeUnit.MILLISECONDS);
      if (text != null) {
        Parcel parcel = Parcel.of(text);
        assertThat(parcel.number()).as("order").isGreaterThanOrEqualTo(last[parcel.sender()]);
        last[parcel.sender()] = parcel.number() + 1;
        ledger.taken(parcel);
        received.incrementAndGet();
      } else if (ends) {
        return null;
      }
    }
  }

  /// Waits until some more messages have passed; then lets the writer and the reader come to an end.
  void goOnAndEnd(int messages) throws Exception {
    int before = received.get();
    await()
        .atMost(Deadlines.LONG)
        .until(() -> received.get() - before > messages || writer.isDone() || reader.isDone());
    writingEnds = true;
    writer.get(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS);
    readingEnds = true;
    reader.get(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS);
    assertThat(queue.poll() == null).as("empty").isTrue();
    assertThat(queue.size()).isZero();
  }

  @Override
  public void close() {
    writingEnds = true;
    readingEnds = true;
    threads.shutdownNow();
    threads.close();
  }
}

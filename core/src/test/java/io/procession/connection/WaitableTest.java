package io.procession.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.procession.process.JvmProcess;
import io.procession.queue.SharedQueue;
import io.procession.testing.Deadlines;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SequencedSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("platforms")
class WaitableTest {
  private static final int MANY = 5_000;

  private final List<AutoCloseable> opened = Collections.synchronizedList(new ArrayList<>());
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void closeAll() throws Exception {
    threads.shutdownNow();
    assertThat(threads.awaitTermination(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  private SharedQueue<String> queue() {
    return keep(SharedQueue.create());
  }

  private Pipe pipe() {
    return keep(Pipe.duplex());
  }

  private <T extends AutoCloseable> T keep(T object) {
    opened.add(object);
    return object;
  }

  private <T> Future<T> inBackground(Callable<T> work) throws InterruptedException {
    var begun = new CountDownLatch(1);
    Future<T> result =
        threads.submit(() -> {
          begun.countDown();
          return work.call();
        });
    begun.await();
    return result;
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.get(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static SequencedSet<Waitable> look(Waitable... objects) throws InterruptedException {
    return Waitable.awaitAny(List.of(objects), Duration.ZERO);
  }

  @Test
  void queueIsReadyAsLongAsItHasAnElement() throws Exception {
    SharedQueue<String> queue = queue();
    assertThat(look(queue)).isEmpty();
    queue.put("x");
    assertThat(look(queue)).containsExactly(queue);
    assertThat(Waitable.awaitAny(List.of(queue))).containsExactly(queue);
    queue.take();
    assertThat(look(queue)).isEmpty();
  }

  @Test
  void elementThatComesEndsTheWait() throws Exception {
    SharedQueue<String> queue = queue();
    SharedQueue<String> other = queue();
    for (int i = 0; i < 200; i++) {
      Future<SequencedSet<SharedQueue<String>>> ready =
          inBackground(() -> Waitable.awaitAny(List.of(other, queue)));
      queue.put("x");
      assertThat(get(ready)).containsExactly(queue);
      queue.take();
    }
  }

  @Test
  void queueThatIsShutDownIsReady() throws Exception {
    SharedQueue<String> queue = queue();
    Future<SequencedSet<SharedQueue<String>>> ready =
        inBackground(() -> Waitable.awaitAny(List.of(queue)));
    queue.shutdown(false);
    assertThat(get(ready)).containsExactly(queue);
  }

  @Test
  void messageAndEndOfStreamMakeAConnectionReady() throws Exception {
    Pipe pipe = pipe();
    assertThat(look(pipe.first())).isEmpty();
    Future<SequencedSet<Connection>> ready =
        inBackground(() -> Waitable.awaitAny(List.of(pipe.first())));
    pipe.second().send("x");
    assertThat(get(ready)).containsExactly(pipe.first());
    assertThat(pipe.first().recv()).isEqualTo("x");
    Future<SequencedSet<Connection>> ended =
        inBackground(() -> Waitable.awaitAny(List.of(pipe.first())));
    pipe.second().close();
    assertThat(get(ended)).containsExactly(pipe.first());
    assertThat(look(pipe.first())).containsExactly(pipe.first());
  }

  @Test
  void channelsOfTheJdkTakePart() throws Exception {
    var server = keep(ServerSocketChannel.open());
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    server.configureBlocking(false);
    Waitable accepting = Waitable.of(server, SelectionKey.OP_ACCEPT);
    SharedQueue<String> queue = queue();
    assertThat(look(accepting, queue)).isEmpty();
    Future<SequencedSet<Waitable>> ready =
        inBackground(() -> Waitable.awaitAny(List.of(queue, accepting)));
    SocketChannel client = keep(SocketChannel.open(server.getLocalAddress()));
    assertThat(get(ready)).containsExactly(accepting);
    SocketChannel accepted = keep(server.accept());
    client.configureBlocking(false);
    Waitable reading = Waitable.of(client, SelectionKey.OP_READ);
    Waitable writing = Waitable.of(client, SelectionKey.OP_WRITE);
    assertThat(look(reading, writing)).containsExactly(writing);
    Future<SequencedSet<Waitable>> read =
        inBackground(() -> Waitable.awaitAny(List.of(queue, accepting, reading)));
    accepted.write(ByteBuffer.wrap(new byte[] {1}));
    assertThat(get(read)).containsExactly(reading);
    assertThat(client.read(ByteBuffer.allocate(8))).isEqualTo(1);
    Future<SequencedSet<Waitable>> mixed =
        inBackground(() -> Waitable.awaitAny(List.of(reading, accepting, queue)));
    queue.put("x");
    assertThat(get(mixed)).containsExactly(queue);
    client.configureBlocking(true); // nothing holds it any more
  }

  @Test
  void channelInBlockingModeIsRefused() throws Exception {
    var server = keep(ServerSocketChannel.open());
    assertThatIllegalStateException()
        .isThrownBy(() -> look(Waitable.of(server, SelectionKey.OP_ACCEPT)))
        .withMessageContaining("configureBlocking(false)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Waitable.of(server, SelectionKey.OP_READ))
        .withMessageStartingWith("operations must be among the channel's");
  }

  @Test
  void allThatAreReadyAreReturnedInTheOrderGiven() throws Exception {
    SharedQueue<String> first = queue();
    Pipe second = pipe();
    SharedQueue<String> third = queue();
    third.put("x");
    second.second().send("x");
    first.put("x");
    assertThat(look(third, second.first(), first, third))
        .containsExactly(third, second.first(), first);
    assertThat(look(first, second.second(), third, second.first()))
        .containsExactly(first, third, second.first());
  }

  @Test
  void limitOfTimeEndsTheWaitWithNothing() throws Exception {
    SharedQueue<String> queue = queue();
    long before = System.nanoTime();
    assertThat(Waitable.awaitAny(List.of(queue), Deadlines.SHORT)).isEmpty();
    assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(Deadlines.SHORT.toNanos());
    assertThat(Waitable.awaitAny(List.of(), Duration.ofMillis(1))).isEmpty();
    assertThat(Waitable.awaitAny(List.of(queue), Duration.ofSeconds(-1))).isEmpty();
    queue.put("x");
    assertThat(Waitable.awaitAny(List.of(queue), Duration.ofSeconds(Long.MAX_VALUE))).hasSize(1);
  }

  @Test
  void waitForNothingIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> Waitable.awaitAny(List.of()));
    Waitable stranger = new Waitable() {};
    assertThatIllegalArgumentException()
        .isThrownBy(() -> look(stranger))
        .withMessageContaining("only objects of this library");
  }

  @Test
  void whatCannotBecomeReadyIsNamed() {
    SharedQueue<String> queue = SharedQueue.create();
    queue.close();
    assertThatIllegalStateException()
        .isThrownBy(() -> look(queue))
        .withMessageContaining(queue.name());
    Pipe pipe = Pipe.oneWay();
    String name = pipe.second().toString();
    assertThatIllegalStateException()
        .isThrownBy(() -> look(pipe.second()))
        .withMessageEndingWith("cannot receive: " + name);
    pipe.close();
    assertThatIllegalStateException()
        .isThrownBy(() -> look(pipe.first()))
        .withMessageStartingWith("closed in this process: connection=pipe-");
    assertThatIllegalStateException()
        .isThrownBy(() -> look(JvmProcess.of("unborn", () -> {})))
        .withMessageContaining("unborn");
  }

  @Test
  void closingAnObjectEndsTheWaitWithAnErrorThatNamesIt() throws Exception {
    SharedQueue<String> closed = queue();
    SharedQueue<String> destroyed = queue();
    Pipe pipe = pipe();
    var waits =
        List.of(
            inBackground(() -> Waitable.awaitAny(List.of(queue(), closed))),
            inBackground(() -> Waitable.awaitAny(List.of(queue(), destroyed))),
            inBackground(() -> Waitable.awaitAny(List.of(queue(), pipe.first()))));
    closed.close();
    destroyed.destroy();
    pipe.first().close();
    List<String> names = List.of(closed.name(), destroyed.name(), "first");
    for (int i = 0; i < names.size(); i++) {
      Future<?> wait = waits.get(i);
      assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(() -> get(wait))
          .withCauseInstanceOf(IllegalStateException.class)
          .withMessageContaining(names.get(i));
    }
  }

  @Test
  void interruptEndsTheWait() throws Exception {
    SharedQueue<String> queue = queue();
    Thread.currentThread().interrupt();
    assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> look(queue));
    for (Thread.Builder builder : List.of(Thread.ofPlatform(), Thread.ofVirtual())) {
      var ended = new CountDownLatch(1);
      Thread waiter =
          builder.start(() -> {
            try {
              Waitable.awaitAny(List.of(queue));
            } catch (InterruptedException e) {
              ended.countDown();
            }
          });
      waiter.interrupt();
      assertThat(ended.await(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
      waiter.join();
    }
  }

  @Test
  void eachOfManyThreadsIsTold() throws Exception {
    SharedQueue<String> queue = queue();
    SharedQueue<String> other = queue();
    var told = new CountDownLatch(100);
    List<Thread> waiters = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Thread.Builder builder = i % 10 == 0 ? Thread.ofPlatform() : Thread.ofVirtual();
      waiters.add(
          builder.start(() -> {
            try {
              assertThat(Waitable.awaitAny(List.of(other, queue))).containsExactly(queue);
              told.countDown();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }));
    }
    queue.put("x");
    assertThat(told.await(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    for (Thread waiter : waiters) {
      waiter.join();
    }
  }

  @Test
  void watchedQueueServesItsReadersAsEver() throws Exception {
    SharedQueue<String> queue = queue();
    Future<SequencedSet<SharedQueue<String>>> watcher =
        inBackground(() -> Waitable.awaitAny(List.of(queue)));
    Future<String> reader = inBackground(queue::take);
    queue.put("x");
    queue.put("y"); // the watcher may come too late for the first
    assertThat(get(reader)).isEqualTo("x");
    assertThat(get(watcher)).containsExactly(queue);
  }

  @Test
  void oneOfThousandsIsFound() throws Exception {
    List<SharedQueue<String>> queues = IntStream.range(0, MANY).mapToObj(i -> queue()).toList();
    for (int i = 0; i < 20; i++) {
      SharedQueue<String> chosen = queues.get(i * 251 % MANY);
      var ready = inBackground(() -> Waitable.awaitAny(queues));
      chosen.put("x");
      assertThat(get(ready)).containsExactly(chosen);
      chosen.take();
    }
    queues.forEach(SharedQueue::destroy);
  }

  /// Of each kind it is one in its turn.
  @Test
  void oneOfThousandsOfAllKindsIsFound() throws Exception {
    SharedQueue<String> ending = queue();
    JvmProcess process = JvmProcess.of(() -> assertThat(ending.take()).isEqualTo("end"));
    process.start();
    List<SharedQueue<String>> queues = IntStream.range(0, 2_500).mapToObj(_ -> queue()).toList();
    List<Pipe> pipes = IntStream.range(0, 2_090).mapToObj(_ -> keep(Pipe.oneWay())).toList();
    var listeners = new ArrayList<Listener>();
    var channels = new ArrayList<DatagramChannel>();
    for (int i = 0; i < 5; i++) {
      listeners.add(keep(Listener.open()));
      DatagramChannel channel = keep(DatagramChannel.open());
      channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      channel.configureBlocking(false);
      channels.add(channel);
    }
    var clients = new ArrayList<Connection>();
    var servers = new ArrayList<Connection>();
    for (int i = 0; i < 399; i++) {
      clients.add(keep(Client.connect(listeners.getFirst().address())));
      servers.add(keep(listeners.getFirst().accept()));
    }
    var objects = new ArrayList<Waitable>(queues);
    pipes.forEach(pipe -> objects.add(pipe.first()));
    objects.addAll(listeners);
    objects.addAll(servers);
    channels.forEach(channel -> objects.add(Waitable.of(channel, SelectionKey.OP_READ)));
    objects.add(process);
    assertThat(objects).hasSize(MANY);

    assertFound(objects, queues.getLast(), () -> queues.getLast().put("x"));
    queues.getLast().take();
    assertFound(objects, pipes.getLast().first(), () -> pipes.getLast().second().send("x"));
    pipes.getLast().first().recv();
    Address place = listeners.getLast().address();
    assertFound(objects, listeners.getLast(), () -> keep(Client.connect(place)));
    keep(listeners.getLast().accept());
    assertFound(objects, servers.getLast(), () -> clients.getLast().send("x"));
    servers.getLast().recv();
    DatagramChannel channel = channels.getLast();
    Waitable last = objects.get(MANY - 2);
    assertFound(
        objects,
        last,
        () -> channels.getFirst().send(ByteBuffer.allocate(1), channel.getLocalAddress()));
    channel.receive(ByteBuffer.allocate(1));
    assertFound(objects, process, () -> ending.put("end"));
    process.close();
    queues.forEach(SharedQueue::destroy);
  }

  private interface Event {
    void happen() throws Exception;
  }

  private void assertFound(List<Waitable> objects, Waitable one, Event event) throws Exception {
    var ready = inBackground(() -> Waitable.awaitAny(objects));
    event.happen();
    assertThat(get(ready)).containsExactly(one);
  }

  @Test
  void oneOfThousandsOfPipesIsFound() throws Exception {
    List<Pipe> pipes = IntStream.range(0, MANY).mapToObj(i -> keep(Pipe.oneWay())).toList();
    List<Connection> ends = pipes.stream().map(Pipe::first).toList();
    for (int i = 0; i < 20; i++) {
      Pipe chosen = pipes.get(i * 251 % MANY);
      var ready = inBackground(() -> Waitable.awaitAny(ends));
      chosen.second().send("x");
      assertThat(get(ready)).containsExactly(chosen.first());
      assertThat(chosen.first().recv()).isEqualTo("x");
    }
  }
}

package io.procession.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.procession.connection.Address;
import io.procession.connection.AuthKey;
import io.procession.process.ProcessException;
import io.procession.sync.Event;
import io.procession.testing.ChildJvm;
import io.procession.testing.Deadlines;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A network that is cut while a caller behind it holds a lock and waits: both sides notice, each by
/// itself.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@SuppressWarnings("LockNotBeforeTry") // locks are what is tested
class KeepAliveIT {
  private static final String KEY = "a key of this test";
  private static final Duration SILENCE =
      Deadlines.scaled(Duration.ofMillis(Integer.getInteger("procession.test.silence", 4000)));

  /// What users are told, with more than this silence.
  private static final Duration LATEST = Deadlines.scaled(Duration.ofSeconds(15));

  private static final int LEAVES = 50_000;
  private static final int BYTES_PER_SECOND = 200_000;

  /// One lock for all callers, and one event.
  private static final class Only {
    static final Lock LOCK = new ServedLock(false);
    static final Event BELL = new ServedEvent();
  }

  private static final ManagedType<Lock> LOCK = ManagedType.of(Lock.class, () -> Only.LOCK);

  private static final ManagedType<Event> BELL = ManagedType.of(Event.class, () -> Only.BELL);

  interface Leaf {
    int number();
  }

  interface Tree {
    Leaf leaf();
  }

  private static final class Oak implements Tree {
    private int leaves;

    @Override
    public synchronized Leaf leaf() {
      int number = ++leaves;
      return () -> number;
    }
  }

  private static final ManagedType<Leaf> LEAF = ManagedType.of(Leaf.class, () -> () -> 0);
  private static final ManagedType<Tree> TREE =
      ManagedType.<Tree>of(Tree.class, Oak::new).returning("leaf", LEAF);

  private static ManagerOptions options(Address address) {
    return ManagerOptions.defaults()
        .withAddress(address)
        .withKeepAlive(SILENCE)
        .withAuthKey(AuthKey.of(KEY));
  }

  /// In a process of another session.
  private static void hold(Address address) throws Exception {
    SyncManager client = new SyncManager(options(address)).register(LOCK).connect();
    Lock lock = client.create(LOCK);
    BlockingQueue<String> queue = client.queue();
    lock.lock();
    System.out.println("held");
    assertThatThrownBy(queue::take)
        .isInstanceOf(ProcessException.class)
        .hasMessageContaining("nothing was heard of it");
    assertThatThrownBy(queue::size).isInstanceOf(ProcessException.class);
    System.out.println("lost");
    client.close();
    System.in.read(); // until the network is mended
    SyncManager again = new SyncManager(options(address)).register(LOCK).connect();
    again.create(LOCK).lock();
    System.out.println("held again");
    again.create(LOCK).unlock();
    again.close();
  }

  @Test
  void cutIsNoticedOnBothSides() throws Exception {
    try (SyncManager manager = serving(SILENCE);
        Forwarder network = Forwarder.before(manager)) {
      Address address = network.address();
      try (ChildJvm caller = ChildJvm.body(() -> hold(address)).start()) {
        String _ = caller.awaitLine("held");
        noticesCut(manager, caller, "by a forwarder", network::cut);
        network.mend();
        caller.send("mended");
        String _ = caller.awaitLine("held again");
        caller.succeed();
      }
    }
  }

  private static void noticesCut(SyncManager manager, ChildJvm caller, String how, Runnable cut)
      throws Exception {
    Lock lock = manager.create(LOCK);
    int objects = manager.numberOfObjects();
    assertThat(lock.tryLock()).isFalse();
    long start = System.nanoTime();
    cut.run();
    assertThat(lock.tryLock(60, TimeUnit.SECONDS)).isTrue();
    long server = System.nanoTime();
    lock.unlock();
    String _ = caller.awaitLine("lost");
    long client = System.nanoTime();
    System.out.println(
        "a network cut "
            + how
            + ", with a silence of "
            + SILENCE.toMillis()
            + " ms, was noticed by the server after "
            + (server - start) / 1_000_000
            + " ms, by the caller after "
            + (client - start) / 1_000_000
            + " ms at most");
    assertThat(Duration.ofNanos(server - start)).as("at the server").isLessThan(LATEST);
    assertThat(Duration.ofNanos(client - start)).as("at the caller").isLessThan(LATEST);
    Awaitility.await().atMost(Deadlines.LONG).until(() -> manager.numberOfObjects() < objects);
  }

  /// In a process of another session.
  private static void rest(Address address, Duration silence) throws Exception {
    ManagerOptions patient = options(address).withKeepAlive(silence);
    SyncManager client = new SyncManager(patient).register(LOCK).register(BELL).connect();
    Lock lock = client.create(LOCK);
    lock.lock();
    System.out.println("held");
    client.create(BELL).await();
    lock.unlock();
    System.out.println("rang");
    client.close();
  }

  /// Each side has a time of its own: a caller that rests is heard of in time, whichever is shorter.
  @Test
  void whoRestsIsHeardOfInTheShorterOfBothTimes() throws Exception {
    Duration minutes = Duration.ofMinutes(2);
    try (SyncManager hasty = serving(SILENCE);
        SyncManager patient = serving(minutes);
        ChildJvm hastys = resting(hasty, minutes);
        ChildJvm patients = resting(patient, SILENCE)) {
      String _ = hastys.awaitLine("held");
      String _ = patients.awaitLine("held");
      assertThat(hasty.create(LOCK).tryLock(2 * SILENCE.toMillis(), TimeUnit.MILLISECONDS))
          .as("the lock of who rests is taken from it")
          .isFalse();
      assertThat(patient.create(LOCK).tryLock()).isFalse();
      hasty.create(BELL).set();
      patient.create(BELL).set();
      String _ = hastys.awaitLine("rang");
      String _ = patients.awaitLine("rang");
      hastys.succeed();
      patients.succeed();
    }
  }

  /// Lets go what the server is to be told of then, once the network is as it is to be.
  private static void letGo(SyncManager client) throws Exception {
    Tree tree = client.create(TREE);
    List<Future<Leaf>> leaves = new ArrayList<>();
    client.pipeline(p -> {
      for (int i = 0; i < LEAVES; i++) {
        leaves.add(p.call(tree, Tree::leaf));
      }
    });
    assertThat(leaves.getLast().get().number()).isEqualTo(LEAVES);
    System.out.println("has all");
    System.in.read();
    leaves.clear();
    System.gc();
  }

  /// In a process of another session: has much to tell the server when nothing gets there any more.
  private static void letGoInVain(Address address) throws Exception {
    SyncManager client = new SyncManager(options(address)).register(TREE).register(LEAF).connect();
    BlockingQueue<String> queue = client.queue();
    letGo(client);
    assertThatThrownBy(queue::take)
        .isInstanceOf(ProcessException.class)
        .hasMessageContaining("nothing was heard of it");
    System.out.println("lost");
    client.close();
  }

  /// A caller notices a cut, too, if it is in the midst of telling the server more than buffers hold.
  @Test
  void cutIsNoticedByWhoSpeaks() throws Exception {
    try (SyncManager manager = serving(SILENCE);
        Forwarder network = Forwarder.before(manager)) {
      Address address = network.address();
      try (ChildJvm caller = ChildJvm.body(() -> letGoInVain(address)).start()) {
        String _ = caller.awaitLine("has all");
        network.cut();
        long start = System.nanoTime();
        caller.send("cut");
        String _ = caller.awaitLine("lost");
        System.out.println(
            "a network cut while a caller spoke was noticed by it after "
                + (System.nanoTime() - start) / 1_000_000
                + " ms at most");
        caller.succeed();
      }
    }
  }

  /// In a process of another session.
  private static void letGoSlowly(Address address) throws Exception {
    SyncManager client =
        new SyncManager(options(address)).register(TREE).register(LEAF).register(BELL).connect();
    letGo(client);
    client.create(BELL).await();
    System.out.println("still there");
    client.close();
  }

  /// Behind a slow network who has much to tell the server is heard of, and hears of it, all the same.
  @Test
  void whoSpeaksMuchIsStillThere() throws Exception {
    try (SyncManager manager = serving(SILENCE);
        Forwarder network = Forwarder.before(manager)) {
      Address address = network.address();
      try (ChildJvm caller = ChildJvm.body(() -> letGoSlowly(address)).start()) {
        String _ = caller.awaitLine("has all");
        network.slow(BYTES_PER_SECOND);
        long start = System.nanoTime();
        caller.send("slow");
        Awaitility.await()
            .atMost(Deadlines.LONG.multipliedBy(2))
            .until(() -> manager.numberOfObjects() < 10);
        System.out.println(
            LEAVES
                + " objects were let go over a slow network in "
                + (System.nanoTime() - start) / 1_000_000
                + " ms");
        manager.create(BELL).set();
        String _ = caller.awaitLine("still there");
        caller.succeed();
      }
    }
  }

  private static SyncManager serving(Duration silence) {
    return new SyncManager(options(Address.tcp("localhost", 0)).withKeepAlive(silence))
        .register(LOCK)
        .register(BELL)
        .register(TREE)
        .register(LEAF)
        .start();
  }

  private static ChildJvm resting(SyncManager manager, Duration silence) {
    Address address = manager.address().orElseThrow();
    return ChildJvm.body(() -> rest(address, silence)).start();
  }

  /// A cut with a real network: two network namespaces, and the link between them goes down.
  @Test
  void cutOfALinkIsNoticed() throws Exception {
    String space = "procession-" + ProcessHandle.current().pid();
    String link = "pr" + ProcessHandle.current().pid();
    assumeThat(runs("ip", "netns", "add", space))
        .as("network namespaces can be made (ip netns add, as root)")
        .isTrue();
    try {
      assumeThat(
              runs(
                  "ip", "link", "add", link, "type", "veth", "peer", "name", "far", "netns", space))
          .as("a pair of virtual links can be made")
          .isTrue();
      for (List<String> command :
          List.of(
              List.of("ip", "addr", "add", "10.231.77.1/24", "dev", link),
              List.of("ip", "link", "set", link, "up"),
              List.of("ip", "-n", space, "addr", "add", "10.231.77.2/24", "dev", "far"),
              List.of("ip", "-n", space, "link", "set", "far", "up"))) {
        assertThat(runs(command.toArray(new String[0]))).as("%s", command).isTrue();
      }
      try (SyncManager manager =
          new SyncManager(options(Address.tcp("10.231.77.1", 0))).register(LOCK).start()) {
        Address address = manager.address().orElseThrow();
        try (ChildJvm caller =
            ChildJvm.body(() -> hold(address)).through("ip", "netns", "exec", space).start()) {
          String _ = caller.awaitLine("held");
          noticesCut(
              manager,
              caller,
              "at a link",
              () -> assertThat(runs("ip", "link", "set", link, "down")).isTrue());
          assertThat(runs("ip", "link", "set", link, "up")).isTrue();
          caller.send("mended");
          String _ = caller.awaitLine("held again");
          caller.succeed();
        }
      }
    } finally {
      runs("ip", "link", "del", link);
      runs("ip", "netns", "del", space);
    }
  }

  private static boolean runs(String... command) {
    try {
      return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}

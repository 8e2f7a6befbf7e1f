package io.procession.internal.remote;

import io.procession.connection.Address;
import io.procession.connection.Connection;
import io.procession.connection.Listener;
import io.procession.internal.arena.Session;
import io.procession.internal.log.LibraryLogger;
import io.procession.internal.posix.LocalProcess;
import io.procession.internal.posix.Until;
import io.procession.process.ProcessExit;
import io.procession.queue.SharedQueue;
import io.procession.serial.ByteSource;
import io.procession.serial.Codec;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.ProtocolException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Serves objects to other processes: to those of its session through pipes that they leave at its
/// door, to others through a listener.
///
/// Each connection has a thread: for a pipe one of the system, which is woken faster, and of which there
/// are no more than the session's callers at a time; behind a socket a virtual one, and beside it one of
/// the system for calls while there are few.
public final class ObjectServer implements AutoCloseable {
  /// A greeting is short: who sends more first does not come to call.
  private static final int MOST_GREETING_BYTES = 4096;

  /// So many connections behind sockets are served by threads of the system.
  private static final int MOST_THREADS = 64;

  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final Logger LOGGER = LibraryLogger.of("io.procession.manager");

  private static final AtomicLong CALLS = new AtomicLong();

  private static final ConcurrentHashMap<String, ObjectServer> OF_JVM = new ConcurrentHashMap<>();

  private final ConcurrentHashMap<String, ObjectServer> among = here();
  private final String name;
  private final Dispatch dispatch;
  private final SharedQueue<Connection> door;
  private final @Nullable Listener listener;
  private final NetworkTerms terms;
  private final ServerRef ref;
  private final Refusals refusals;
  private final ConcurrentHashMap<String, Peer> peers = new ConcurrentHashMap<>();
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final Departures leftBySession = Departures.ofDead(false);
  private final Departures leftByStrangers = Departures.ofDead(true);
  private final Semaphore threads = new Semaphore(MOST_THREADS);
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean isClosed;

  /// Opens a server; it serves once [#start] is called.
  ///
  /// @param name for messages
  /// @param types what it makes and serves
  /// @param door where processes of the session leave their pipes
  /// @param listener where others connect; null for none
  /// @param terms what these are held to
  public ObjectServer(
      String name,
      Collection<ServedType> types,
      SharedQueue<Connection> door,
      @Nullable Listener listener,
      NetworkTerms terms) {
    this.name = name;
    this.dispatch = new Dispatch(types, ended::countDown);
    this.door = door;
    this.listener = listener;
    this.terms = terms;
    this.refusals = new Refusals(name);
    Session session = Session.current();
    Address address = listener == null ? null : listener.address();
    this.ref =
        new ServerRef(
            UUID.randomUUID().toString(), name, session.id(), session.self(), door, address);
  }

  /// The servers of this process, by their ids.
  private static ConcurrentHashMap<String, ObjectServer> here() {
    LocalProcess here = LocalProcess.current();
    return here == null ? OF_JVM : here.own(ObjectServer.class, ConcurrentHashMap::new);
  }

  /// The server of this process that has an id.
  static @Nullable ObjectServer here(String id) {
    return here().get(id);
  }

  /// Whether an object of which this process has a stub is of the server with these tables.
  static boolean isServed(RemoteReference reference, Dispatch dispatch) {
    ObjectServer server = here(reference.link().ref().id());
    return server != null && server.dispatch.equals(dispatch);
  }

  /// How it is reached.
  public ServerRef ref() {
    return ref;
  }

  /// Begins to serve.
  public void start() {
    among.put(ref.id(), this);
    Thread.ofPlatform().daemon().name("procession-" + name + "-door").start(() -> answerDoor());
    Listener open = listener;
    if (open != null) {
      Thread.ofPlatform()
          .daemon()
          .name("procession-" + name + "-listener")
          .start(() -> listen(open));
    }
  }

  /// Waits until a caller has asked for the end of the server, or [#close] was called.
  public void awaitEnd() throws InterruptedException {
    ended.await();
  }

  /// Ends all connections; calls under way are interrupted. Closing again does nothing.
  @Override
  public void close() {
    isClosed = true;
    among.remove(ref.id());
    ended.countDown();
    if (listener != null) {
      listener.close();
    }
    door.close();
    peers.values().forEach(Peer::dismiss);
    for (Connection connection : connections) {
      connection.close();
    }
    dispatch.staff().end();
  }

  private void answerDoor() {
    while (!isClosed) {
      Connection connection = null;
      try {
        connection = door.take();
        welcome(connection);
      } catch (InterruptedException | ProcessExit e) {
        return;
      } catch (RuntimeException | Error e) { // one that cannot be read; no thread, no class
        if (isClosed || door.isShutdown()) {
          return;
        }
        if (connection != null) {
          connection.close();
        }
        failed("one of this session", "it could not be taken: " + e);
      }
    }
  }

  /// Serves a caller of this session.
  void welcome(Connection connection) {
    ofCalls(() -> serve(connection, null)).start();
  }

  /// A thread of the system for a connection.
  private Thread ofCalls(Runnable work) {
    return Thread.ofPlatform()
        .daemon()
        .name("procession-" + name + "-calls-" + CALLS.incrementAndGet())
        .unstarted(work);
  }

  private void listen(Listener open) {
    Room room = new Room();
    while (!isClosed) {
      Connection accepted = null;
      try {
        Connection connection = open.accept();
        accepted = connection;
        int most = room.most();
        boolean hasRoom = connections.size() < most;
        Thread.ofVirtual()
            .name("procession-" + name + "-caller")
            .start(() -> {
              if (hasRoom) {
                serve(connection, terms.silence());
              } else {
                turnAway(connection, most);
              }
            });
      } catch (InterruptedException | ProcessExit e) {
        return;
      } catch (IOException | RuntimeException | Error e) {
        if (accepted != null) { // and has no thread
          accepted.close();
        }
        if (!isClosed) {
          failed("unknown", "it could not be accepted: " + e.getMessage());
        }
      }
    }
  }

  private void turnAway(Connection connection, int most) {
    try (connection) {
      String reason =
          "too many connections: most="
              + most
              + ", which is what the server's limit of open files allows; raise it (ulimit -n)";
      refuse(connection, reason);
      var _ = // so that it need not find the door closed before it reads why
          new Patience(connection, PAUSE).within(() -> connection.recvBytes(MOST_GREETING_BYTES));
    } catch (IOException | InterruptedException e) {
      LOGGER.log(Level.DEBUG, "a caller that was turned away has gone: server=" + name, e);
    }
  }

  /// What is short (descriptors, say) is so for a while; classes cannot be read either then, perhaps not
  /// those that write this down.
  private void failed(String who, String why) {
    try {
      refusals.note(who, why);
    } catch (RuntimeException | Error e) {
      // others will come
    }
    try {
      boolean _ = ended.await(PAUSE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve(Connection connection, @Nullable Duration limit) {
    connections.add(connection);
    try (connection) {
      if (!isClosed) {
        dispatch.reads();
        greet(connection, limit);
      }
    } catch (ProtocolException e) {
      refusals.noteEnd(connection, e.getMessage());
    } catch (IOException | InterruptedException e) {
      LOGGER.log(Level.DEBUG, "a caller left before it was served: server=" + name, e);
    } finally {
      connections.remove(connection);
    }
  }

  private void greet(Connection connection, @Nullable Duration limit)
      throws IOException, InterruptedException {
    Codec codec = limit == null ? Codec.standard() : terms.codec();
    byte[] first =
        new Patience(connection, limit).within(() -> connection.recvBytes(MOST_GREETING_BYTES));
    Greeting greeting = greeting(codec, first);
    if (greeting == null) {
      refuse(connection, "the first request is " + Wire.ACCEPT);
      return;
    }
    switch (greeting.purpose()) {
      case Wire.DUMMY -> connection.send(Wire.reply(Wire.RETURN, new Object[] {ref.id(), name}));
      case Wire.CONTROL -> {
        ReplyLimit most = limit == null ? ReplyLimit.NONE : ReplyLimit.of(greeting, terms);
        Peer peer =
            new Peer(greeting.process(), greeting.name(), most, dispatch.objects(), limit != null);
        control(connection, peer, limit);
      }
      case Wire.CALLS -> {
        if (limit == null) {
          calls(connection, greeting, codec, null);
        } else {
          callsOfStranger(connection, greeting, codec);
        }
      }
      default -> refuse(connection, "no purpose of a connection: " + greeting.purpose());
    }
  }

  private static @Nullable Greeting greeting(Codec codec, byte[] first) {
    try {
      return Greeting.read(codec.decode(new ByteSource(first)));
    } catch (IOException | ClassNotFoundException e) {
      return null;
    }
  }

  /// By a thread of the system, if there are few: it waits for requests in the kernel, where a virtual
  /// one is woken by the poller, and has a carrier woken.
  private void callsOfStranger(Connection connection, Greeting greeting, Codec codec)
      throws IOException, InterruptedException {
    if (!threads.tryAcquire()) {
      calls(connection, greeting, codec, refusals);
      return;
    }
    try {
      var served =
          new FutureTask<@Nullable Void>(() -> {
            dispatch.reads();
            calls(connection, greeting, codec, refusals);
            return null;
          });
      try {
        ofCalls(served).start();
      } catch (OutOfMemoryError e) { // none can be had
        served.run();
      }
      served.get();
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } finally {
      threads.release();
    }
  }

  private void calls(
      Connection connection, Greeting greeting, Codec codec, @Nullable Refusals noted)
      throws IOException, InterruptedException {
    Peer peer = peers.get(greeting.process());
    if (peer == null) {
      refuse(connection, "a connection for control comes first");
      return;
    }
    CallLoop loop = new CallLoop(dispatch, peer, connection, codec, noted);
    if (!peer.add(greeting.line(), loop)) {
      refuse(
          connection,
          "a process has at most "
              + Peer.MOST_LINES
              + " connections for calls, each with a number");
    } else {
      try {
        loop.run();
      } finally {
        peer.remove(greeting.line());
      }
    }
  }

  private void control(Connection connection, Peer peer, @Nullable Duration limit)
      throws IOException, InterruptedException {
    if (peers.putIfAbsent(peer.id(), peer) != null) {
      refuse(connection, "a process has one connection for control");
      return;
    }
    try {
      Welcome welcome =
          limit == null ? Welcome.ofSession(ref.id()) : Welcome.ofStranger(ref.id(), terms);
      connection.send(welcome.message());
      new ControlLoop(dispatch.objects(), peer, connection, limit, limit == null ? null : refusals)
          .run();
    } finally {
      peers.remove(peer.id(), peer);
      peer.die();
      leave(peer, limit);
    }
  }

  /// What a dead process of the session has sent may be received at any time. What a stranger has sent
  /// need not be: it ends after the time in which a silent one is known to be gone.
  private void leave(Peer peer, @Nullable Duration limit) {
    ObjectTable objects = dispatch.objects();
    if (limit == null) {
      List<Long> _ = objects.leave(peer.departures(), leftBySession);
      return;
    }
    List<Long> numbers = objects.leave(peer.departures(), leftByStrangers);
    if (!numbers.isEmpty()) {
      Thread.ofVirtual()
          .name("procession-" + name + "-departures")
          .start(() -> {
            try {
              boolean _ = ended.await(Until.nanos(limit), TimeUnit.NANOSECONDS);
              objects.end(numbers);
            } catch (InterruptedException e) {
              // nobody does that
            }
          });
    }
  }

  private void refuse(Connection connection, String reason)
      throws IOException, InterruptedException {
    refusals.note(connection, reason);
    connection.send(Wire.reply(Wire.REFUSED, reason));
  }

  @Override
  public String toString() {
    return "ObjectServer[" + ref + ", peers=" + peers.size() + "]";
  }
}

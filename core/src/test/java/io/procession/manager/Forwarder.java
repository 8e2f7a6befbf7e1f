package io.procession.manager;

import io.procession.connection.Address;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// A piece of network between a port and another, which can be cut: then nothing comes through, who
/// sends more than buffers hold waits, and neither side is told.
final class Forwarder implements AutoCloseable {
  /// So little a network holds: systems give each connection of the machine itself megabytes.
  private static final int HELD_BYTES = 32 << 10;

  private final ServerSocket door = new ServerSocket();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final int target;
  private final AtomicInteger toDrop = new AtomicInteger();
  private volatile boolean isCut;
  private volatile long nanosPerByte;
  private final AtomicInteger streams = new AtomicInteger();
  private final Semaphore held = new Semaphore(0);
  private volatile CountDownLatch way = new CountDownLatch(0);

  private Forwarder(int target) throws IOException {
    this.target = target;
    door.setReceiveBufferSize(HELD_BYTES);
    door.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    Thread.ofVirtual().start(this::accept);
  }

  /// One before a manager that listens on this machine.
  static Forwarder before(BaseManager manager) throws IOException {
    return before(manager.address().orElseThrow());
  }

  /// One before a port of this machine.
  static Forwarder before(Address address) throws IOException {
    return new Forwarder(((Address.Tcp) address).port());
  }

  /// Where callers of the manager connect.
  Address address() {
    return Address.tcp("localhost", door.getLocalPort());
  }

  /// What is connected now is cut for good; what connects later, until [#mend].
  void cut() {
    isCut = true;
  }

  void mend() {
    isCut = false;
  }

  /// From now on each direction takes so long.
  void slow(int bytesPerSecond) {
    nanosPerByte = 1_000_000_000L / bytesPerSecond;
  }

  /// From now on all is held back until [#letGo].
  void hold() {
    way = new CountDownLatch(1);
  }

  /// Waits until something is held back.
  void awaitHeld() throws InterruptedException {
    held.acquire();
  }

  void letGo() {
    way.countDown();
  }

  /// How many directions of connections are open.
  int streams() {
    return streams.get();
  }

  /// Closes so many connections as they come.
  void dropFirst(int count) {
    toDrop.set(count);
  }

  private void accept() {
    try {
      while (true) {
        Socket near = door.accept();
        if (toDrop.getAndDecrement() > 0) {
          near.close();
          continue;
        }
        Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
        sockets.add(near);
        sockets.add(far);
        boolean[] wasCut = new boolean[1];
        Thread.ofVirtual().start(() -> pump(near, far, wasCut));
        Thread.ofVirtual().start(() -> pump(far, near, wasCut));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void pump(Socket from, Socket to, boolean[] wasCut) {
    byte[] bytes = new byte[8192];
    streams.incrementAndGet();
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int got = in.read(bytes); got >= 0; got = in.read(bytes)) {
        wasCut[0] |= isCut;
        if (wasCut[0]) {
          return; // nothing is taken any more, either
        }
        LockSupport.parkNanos(got * nanosPerByte);
        if (way.getCount() > 0) {
          held.release();
          way.await();
        }
        out.write(bytes, 0, got);
      }
      if (!wasCut[0] && !isCut) {
        to.shutdownOutput();
      }
    } catch (IOException | InterruptedException e) {
      // closed
    } finally {
      streams.decrementAndGet();
    }
  }

  @Override
  public void close() throws IOException {
    door.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}

package io.procession.examples.guide;

import io.procession.Procession;
import io.procession.connection.Connection;
import io.procession.connection.Pipe;
import io.procession.connection.Waitable;
import io.procession.process.JvmProcess;
import io.procession.queue.SharedQueue;
import java.io.EOFException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Waiting for the first of several things.
public final class WaitingForAny {
  private WaitingForAny() {}

  public static void main(String[] args) throws Exception {
    Part.of("connections", WaitingForAny::connections);
    Part.of("mixed", WaitingForAny::mixed);
    Part.of("limit", WaitingForAny::limit);
    Part.of("channel", WaitingForAny::channel);
  }

  private static void connections() throws Exception {
    // [connections]
    var open = new ArrayList<Connection>();
    for (int worker = 1; worker <= 3; worker++) {
      Pipe pipe = Procession.oneWayPipe();
      Connection answers = pipe.second();
      int number = worker;
      Procession.start(() -> {
        for (int i = 0; i < 10; i++) {
          answers.send(number);
        }
      });
      answers.close(); // this process's copy, so that the stream ends with the worker
      open.add(pipe.first());
    }
    int sum = 0;
    while (!open.isEmpty()) {
      for (Connection connection : Waitable.awaitAny(open)) {
        try {
          if (connection.recv() instanceof Integer answer) {
            sum += answer;
          }
        } catch (EOFException e) {
          open.remove(connection);
          connection.close();
        }
      }
    }
    System.out.println("sum of all answers: " + sum);
    // [end]
  }

  private static void mixed() throws Exception {
    // [mixed]
    SharedQueue<String> results = Procession.queue();
    JvmProcess worker = Procession.start("worker", () -> results.put("a result"));
    while (worker.isAlive() || !results.isEmpty()) {
      var ready = Waitable.awaitAny(List.of(results, worker));
      if (ready.contains(results)) {
        System.out.println(results.take());
      }
    }
    System.out.println(worker.name() + " has ended: " + worker.exitCode().getAsInt());
    // [end]
    results.destroy();
  }

  private static void limit() throws Exception {
    // [limit]
    try (SharedQueue<String> queue = Procession.queue()) {
      System.out.println(Waitable.awaitAny(List.of(queue), Duration.ofMillis(10)).isEmpty());
      queue.put("x");
      System.out.println(Waitable.awaitAny(List.of(queue), Duration.ZERO).contains(queue));
    }
    // [end]
  }

  private static void channel() throws Exception {
    // [channel]
    try (var server = ServerSocketChannel.open();
        SharedQueue<String> orders = Procession.queue()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      server.configureBlocking(false);
      Waitable callers = Waitable.of(server, SelectionKey.OP_ACCEPT);
      SocketChannel caller = SocketChannel.open(server.getLocalAddress());
      if (Waitable.awaitAny(List.of(orders, callers)).contains(callers)) {
        SocketChannel accepted = server.accept();
        System.out.println("a caller: " + accepted.isConnected());
        accepted.close();
      }
      caller.close();
    }
    // [end]
  }
}

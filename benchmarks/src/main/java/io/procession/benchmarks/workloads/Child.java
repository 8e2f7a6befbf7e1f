package io.procession.benchmarks.workloads;

import io.procession.Procession;
import io.procession.connection.Connection;
import io.procession.connection.Pipe;
import io.procession.process.JvmProcess;
import java.io.IOException;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/// A child process that is given orders through a pipe: numbers, of which 0 is the last.
final class Child implements AutoCloseable {
  /// The last order.
  static final long END = 0;

  private final Connection orders;
  private final JvmProcess process;

  /// What the child does with its end of the pipe.
  @FunctionalInterface
  interface Body extends Serializable {
    void run(Connection orders) throws Exception;
  }

  private Child(Connection orders, JvmProcess process) {
    this.orders = orders;
    this.process = process;
  }

  static Child start(String name, Body body) {
    Pipe pipe = Procession.pipe();
    Connection childEnd = pipe.second();
    return new Child(pipe.first(), Procession.start(name, () -> body.run(childEnd)));
  }

  /// In the child: the next order.
  static long next(Connection orders) throws IOException, InterruptedException {
    return orders.recv() instanceof Long order ? order : END;
  }

  Connection connection() {
    return orders;
  }

  long pid() {
    return process.pid();
  }

  void order(long order) throws IOException, InterruptedException {
    orders.send(order);
  }

  @Nullable Object answer() throws IOException, InterruptedException {
    return orders.recv();
  }

  /// An answer that is a number.
  double figure() throws IOException, InterruptedException {
    if (orders.recv() instanceof Double figure) {
      return figure;
    }
    throw new IOException("must answer with a figure: child=" + process.name());
  }

  /// Gives the last order and waits for the end; interrupted while waiting, it kills the child.
  @Override
  public void close() throws IOException {
    try {
      orders.send(END);
      process.join();
    } catch (InterruptedException e) {
      process.kill();
      Thread.currentThread().interrupt();
    } finally {
      orders.close();
    }
  }
}

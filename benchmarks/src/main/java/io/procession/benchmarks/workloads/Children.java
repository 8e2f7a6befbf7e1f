package io.procession.benchmarks.workloads;

import io.procession.connection.Connection;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/// Child processes, four at most, among which so many threads are divided.
final class Children implements AutoCloseable {
  private static final int MOST = 4;

  private final List<Child> all = new ArrayList<>();

  /// What a child does with its end of its pipe and with its share of the threads.
  @FunctionalInterface
  interface Body extends Serializable {
    void run(Connection orders, int threads) throws Exception;
  }

  private Children() {}

  static Children start(String name, int threads, Body body) throws IOException {
    Children children = new Children();
    boolean done = false;
    try {
      int processes = Math.min(threads, MOST);
      for (int i = 0; i < processes; i++) {
        int share = threads / processes + (i < threads % processes ? 1 : 0);
        children.all.add(Child.start(name + "-" + i, orders -> body.run(orders, share)));
      }
      done = true;
      return children;
    } finally {
      if (!done) {
        children.close();
      }
    }
  }

  int count() {
    return all.size();
  }

  /// Gives all of them one order, and adds up what they answer.
  double sum(long order) throws IOException, InterruptedException {
    for (Child child : all) {
      child.order(order);
    }
    double sum = 0;
    for (Child child : all) {
      sum += child.figure();
    }
    return sum;
  }

  @Override
  public void close() throws IOException {
    for (Child child : all) {
      child.close();
    }
  }
}

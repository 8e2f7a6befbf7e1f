package io.procession.examples.managers;

import io.procession.Procession;
import io.procession.process.JvmProcess;
import io.procession.queue.SharedQueue;
import io.procession.serial.SerializableCallable;
import java.util.ArrayList;
import java.util.List;

/// Workers that take tasks from one queue and put results into another, until they are told to stop.
public final class Workers {
  private static final int WORKERS = 4;

  private Workers() {}

  /// What a worker is told: to compute something, or to stop.
  sealed interface Order extends java.io.Serializable {
    /// Compute something.
    record Compute(String what, SerializableCallable<Integer> how) implements Order {}

    /// There is no more to do.
    record Stop() implements Order {}
  }

  private static void work(SharedQueue<Order> orders, SharedQueue<String> done) throws Exception {
    while (orders.take() instanceof Order.Compute task) {
      done.put(task.what + " = " + task.how.call());
    }
  }

  public static void main(String[] args) throws Exception {
    SharedQueue<Order> orders = Procession.queue();
    SharedQueue<String> done = Procession.queue();
    int tasks = 0;
    for (int i = 1; i <= 5; i++) {
      int n = i;
      orders.put(new Order.Compute(n + " * 7", () -> n * 7));
      orders.put(new Order.Compute(n + " + 8", () -> n + 8));
      tasks += 2;
    }
    List<JvmProcess> workers = new ArrayList<>();
    for (int i = 0; i < WORKERS; i++) {
      workers.add(Procession.start("worker-" + i, () -> work(orders, done)));
    }
    for (int i = 0; i < tasks; i++) {
      System.out.println(done.take()); // in no particular order
    }
    for (JvmProcess _ : workers) {
      orders.put(new Order.Stop());
    }
    for (JvmProcess worker : workers) {
      worker.join();
      System.out.println(worker.name() + " ended with " + worker.exitCode().orElseThrow());
    }
  }
}

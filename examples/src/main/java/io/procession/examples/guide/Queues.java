package io.procession.examples.guide;

import io.procession.Procession;
import io.procession.process.JvmProcess;
import io.procession.queue.PipeQueue;
import io.procession.queue.PosixQueue;
import io.procession.queue.QueueShutDownException;
import io.procession.queue.SharedQueue;
import io.procession.serial.NotSendableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The kinds of queue.
public final class Queues {
  private Queues() {}

  public static void main(String[] args) throws Exception {
    Part.of("first", Queues::first);
    Part.of("undrained", Queues::undrained);
    Part.of("bounded", Queues::bounded);
    Part.of("many", Queues::many);
    Part.of("shutdown", Queues::shutdown);
    Part.of("tasks", Queues::tasks);
    Part.of("dead", Queues::deadTaker);
    Part.of("buffered", Queues::buffered);
    Part.of("simple", Queues::simple);
    Part.of("slowed", Queues::slowed);
    Part.of("kernel", Queues::kernel);
    Part.of("unsendable", Queues::unsendable);
    Part.of("exit", Queues::exit);
  }

  private static void first() throws Exception {
    // [first]
    SharedQueue<String> words = Procession.queue();
    SharedQueue<Integer> lengths = Procession.queue();
    JvmProcess worker =
        Procession.start(() -> {
          for (String word = words.take(); !word.isEmpty(); word = words.take()) {
            lengths.put(word.length());
          }
        });
    for (String word : List.of("one", "three", "seventeen", "")) {
      words.put(word);
    }
    worker.join();
    System.out.println(lengths);
    // [end]
    words.destroy();
    lengths.destroy();
  }

  private static void undrained() throws Exception {
    // [undrained]
    SharedQueue<String> queue = Procession.queue();
    JvmProcess child = Procession.start(() -> queue.put("X".repeat(1_000_000)));
    child.join(); // a deadlock in Python
    System.out.println(queue.take().length());
    // [end]
    queue.destroy();
  }

  private static void bounded() throws Exception {
    // [bounded]
    SharedQueue<Integer> queue = Procession.queue(2);
    queue.put(1);
    queue.put(2);
    System.out.println(queue.isFull() + " " + queue.offer(3, 10, TimeUnit.MILLISECONDS));
    queue.take();
    System.out.println(queue.remainingCapacity() + " " + queue.offer(3));
    // [end]
    queue.close();
  }

  private static void many() throws Exception {
    // [many]
    SharedQueue<Integer> queue = Procession.queue();
    queue.putMany(List.of(1, 2, 3, 4, 5));
    List<Integer> batch = new ArrayList<>();
    queue.drainTo(batch, 3);
    System.out.println(batch + " and " + queue);
    // [end]
    queue.close();
  }

  private static void shutdown() throws Exception {
    // [shutdown]
    SharedQueue<String> queue = Procession.queue();
    JvmProcess taker =
        Procession.start(() -> {
          try {
            while (true) {
              System.out.println("took " + queue.take());
            }
          } catch (QueueShutDownException e) {
            System.out.println("nothing more comes");
          }
        });
    queue.put("a");
    queue.put("b");
    queue.shutdown(false);
    taker.join();
    // [end]
    queue.destroy();
  }

  private static void tasks() throws Exception {
    // [tasks]
    var pages = Procession.<Integer>joinableQueue();
    var rendered = Procession.rawValue(0);
    for (int i = 0; i < 2; i++) {
      var worker =
          Procession.process(() -> {
            while (true) {
              pages.take();
              rendered.getAndAdd(1);
              pages.taskDone();
            }
          });
      worker.setDaemon(true);
      worker.start();
    }
    for (int page = 1; page <= 100; page++) {
      pages.put(page);
    }
    pages.join();
    System.out.println(rendered.get() + " rendered, " + pages.unfinishedTasks() + " unfinished");
    // [end]
    for (JvmProcess worker : Procession.activeChildren()) {
      worker.kill();
      worker.join();
    }
    pages.destroy();
    rendered.destroy();
  }

  private static void deadTaker() throws Exception {
    // [dead]
    var tasks = Procession.<String>joinableQueue();
    JvmProcess taker =
        Procession.start(() -> {
          tasks.take();
          Thread.sleep(Duration.ofDays(1));
        });
    tasks.put("never done");
    while (!tasks.isEmpty()) {
      Thread.sleep(1);
    }
    System.out.println(tasks.join(Duration.ofMillis(50)));
    taker.kill();
    tasks.join();
    System.out.println("unfinished: " + tasks.unfinishedTasks());
    // [end]
    taker.join();
    tasks.destroy();
  }

  private static void buffered() throws Exception {
    // [buffered]
    SharedQueue<Integer> queue = Procession.queue(1);
    JvmProcess child =
        Procession.start(() -> {
          var results = Procession.bufferedQueue(queue);
          for (int i = 0; i < 1_000; i++) {
            results.put(i); // never waits
          }
        }); // what the buffer has then is sent before the process ends
    int sum = 0;
    for (int i = 0; i < 1_000; i++) {
      sum += queue.take();
    }
    child.join();
    System.out.println(sum);
    // [end]
    queue.destroy();
  }

  private static void simple() throws Exception {
    // [simple]
    var answers = Procession.<String>simpleQueue();
    JvmProcess child = Procession.start(() -> answers.put("42"));
    System.out.println(answers.take() + " " + answers.isEmpty());
    // [end]
    child.join();
    answers.destroy();
  }

  private static void slowed() throws Exception {
    // [slowed]
    PipeQueue<String> queue = Procession.pipeQueue();
    JvmProcess producer =
        Procession.start(() -> {
          for (int i = 0; i < 1_000; i++) {
            queue.put("X".repeat(10_000)); // waits while about a megabyte has not been taken
          }
        });
    long length = 0;
    for (int i = 0; i < 1_000; i++) {
      length += queue.take().length();
    }
    System.out.println(length);
    // [end]
    producer.join();
    queue.destroy();
  }

  private static void kernel() throws Exception {
    // [kernel]
    PosixQueue<String> queue = Procession.posixQueue();
    queue.put("sweep the floor");
    queue.put("put out the fire", 10);
    System.out.println(queue.take() + ", then " + queue.take());
    // [end]
    queue.close();
  }

  private static void unsendable() throws Exception {
    // [unsendable]
    SharedQueue<Object> queue = Procession.queue();
    try {
      queue.put(List.of(1, new Object()));
    } catch (NotSendableException e) {
      System.out.println("refused, and the queue is as it was: " + queue);
    }
    // [end]
    queue.close();
  }

  private static void exit() throws Exception {
    // [exit]
    JvmProcess child =
        Procession.start(() -> {
          Procession.atExit(() -> System.out.println("last"));
          Procession.atExit(200, () -> System.out.println("first"));
          System.exit(3);
        });
    child.join();
    System.out.println(child.exitCode().getAsInt());
    // [end]
  }
}

package io.procession.examples.guide;

import io.procession.Procession;
import io.procession.process.JvmProcess;
import io.procession.process.ProcessExit;
import io.procession.queue.SharedQueue;
import io.procession.serial.NotSendableException;
import io.procession.sync.SharedEvent;
import java.time.Duration;

/// The life of a process.
public final class Processes {
  private Processes() {}

  public static void main(String[] args) throws Exception {
    Part.of("first", Processes::first);
    Part.of("subclass", Processes::subclass);
    Part.of("ends", Processes::ends);
    Part.of("stop", Processes::stop);
    Part.of("compute", Processes::compute);
    Part.of("interrupt", Processes::interrupt);
    Part.of("hooks", Processes::hooks);
    Part.of("captured", Processes::captured);
  }

  private static void first() throws Exception {
    // [first]
    String name = "world";
    JvmProcess process = Procession.process(() -> System.out.println("hello " + name));
    System.out.println(process);
    process.start();
    process.join();
    System.out.println(process + ", exit code " + process.exitCode().orElseThrow());
    // [end]
  }

  // [class]
  private static final class Doubling extends JvmProcess {
    private static final long serialVersionUID = 1L;

    private final SharedQueue<Integer> numbers;

    Doubling(SharedQueue<Integer> numbers) {
      super("doubling");
      this.numbers = numbers;
    }

    @Override
    protected void run() throws Exception {
      int number = numbers.take();
      System.out.println(name() + ": " + 2 * number);
    }
  }

  // [end]

  private static void subclass() throws Exception {
    // [subclass]
    SharedQueue<Integer> numbers = Procession.queue();
    numbers.put(21);
    JvmProcess doubling = new Doubling(numbers);
    doubling.start();
    doubling.join();
    // [end]
    numbers.destroy();
  }

  private static void ends() throws Exception {
    // [ends]
    JvmProcess exits = Procession.start("exits", () -> System.exit(3));
    SharedEvent asleep = Procession.event();
    JvmProcess sleeps =
        Procession.start(
            "sleeps",
            () -> {
              asleep.set();
              Thread.sleep(Duration.ofHours(1));
            });
    asleep.await();
    sleeps.kill();
    for (JvmProcess process : new JvmProcess[] {exits, sleeps}) {
      process.join();
      System.out.println(process + ", exit code " + process.exitCode().orElseThrow());
      System.out.println(process.certificate().orElseThrow().sentence());
    }
    // [end]
    asleep.destroy();
  }

  private static void stop() throws Exception {
    // [stop]
    SharedEvent waiting = Procession.event();
    SharedQueue<String> empty = Procession.queue();
    JvmProcess process =
        Procession.start(() -> {
          try {
            waiting.set();
            empty.take();
          } finally {
            System.out.println("finally blocks run");
          }
        });
    waiting.await();
    process.stop();
    process.join();
    System.out.println("exit code " + process.exitCode().orElseThrow());
    // [end]
    empty.destroy();
    waiting.destroy();
  }

  private static void compute() throws Exception {
    // [compute]
    SharedEvent computing = Procession.event();
    JvmProcess process =
        Procession.start(() -> {
          long steps = 0;
          try {
            while (true) {
              steps++;
              computing.set();
              Procession.checkExit();
            }
          } catch (ProcessExit e) {
            System.out.println("some steps were done: " + (steps > 0));
            throw e;
          }
        });
    computing.await();
    process.stop();
    process.join();
    // [end]
    computing.destroy();
  }

  private static void interrupt() throws Exception {
    // [interrupt]
    SharedEvent waiting = Procession.event();
    JvmProcess process =
        Procession.start(() -> {
          try {
            waiting.set();
            Thread.sleep(Duration.ofHours(1));
          } catch (InterruptedException e) {
            System.out.println("what is done until now has to do");
          }
        });
    waiting.await();
    process.interrupt();
    process.join();
    System.out.println("exit code " + process.exitCode().orElseThrow());
    // [end]
    waiting.destroy();
  }

  private static void hooks() throws Exception {
    // [hooks]
    JvmProcess process =
        Procession.start(() -> {
          Procession.atExit(() -> System.out.println("second"));
          Procession.atExit(200, () -> System.out.println("first: a higher priority"));
          System.exit(3);
        });
    process.join();
    // [end]
  }

  private static void captured() {
    // [captured]
    JvmProcess other = Procession.process(() -> {});
    other.setName("other");
    try {
      Procession.start(() -> other.join());
    } catch (NotSendableException e) {
      System.out.println(e.getMessage());
    }
    // [end]
  }
}

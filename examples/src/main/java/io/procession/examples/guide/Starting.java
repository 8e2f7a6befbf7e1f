package io.procession.examples.guide;

import io.procession.Procession;
import io.procession.context.Context;
import io.procession.process.JvmProcess;
import io.procession.process.LaunchOptions;
import io.procession.process.Output;
import java.time.Duration;

/// How a process starts.
public final class Starting {
  private Starting() {}

  public static void main(String[] args) throws Exception {
    Part.of("methods", Starting::methods);
    Part.of("options", Starting::options);
    Part.of("lines", Starting::lines);
    Part.of("limit", Starting::limit);
  }

  private static void methods() throws InterruptedException {
    // [methods]
    System.out.println(Procession.startMethods() + ", now " + Procession.startMethod());
    Context soon = Procession.context("forkserver");
    for (int i = 1; i <= 3; i++) {
      int number = i;
      soon.start(() -> System.out.println("process " + number)).join();
    }
    // [end]
  }

  private static void options() throws InterruptedException {
    // [options]
    var options =
        LaunchOptions.defaults()
            .withMaxHeap(64 << 20)
            .withNiceness(5)
            .withSystemProperty("mode", "batch")
            .withEnvironment("TZ", "UTC");
    var process =
        Procession.start(
            options,
            () -> {
              long megabytes = Runtime.getRuntime().maxMemory() >> 20;
              System.out.println(System.getProperty("mode") + ", " + (megabytes <= 64));
            });
    process.join();
    // [end]
  }

  private static void lines() throws InterruptedException {
    // [lines]
    var tagged =
        LaunchOptions.defaults()
            .withOutput(
                Output.lines(
                    line -> System.out.println("[" + line.process() + "] " + line.text())));
    var talker = JvmProcess.of("talker", tagged, () -> System.out.println("hello"));
    talker.start();
    talker.join();
    // [end]
  }

  private static void limit() {
    // [limit]
    try {
      LaunchOptions.defaults().withStartLimit(Duration.ZERO);
    } catch (IllegalArgumentException e) {
      System.out.println(e.getMessage());
    }
    // [end]
  }
}

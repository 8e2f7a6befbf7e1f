package io.procession.examples.guide;

import io.procession.Procession;
import io.procession.context.Context;
import io.procession.process.JvmProcess;
import java.util.ArrayList;
import java.util.List;

/// Threads in the place of processes.
public final class Threads {
  private Threads() {}

  public static void main(String[] args) throws Exception {
    Part.of("oneword", Threads::oneWord);
    Part.of("facts", Threads::facts);
  }

  private static void oneWord() throws Exception {
    // [oneword]
    for (Context context : List.of(Procession.context("spawn"), Procession.dummy())) {
      var queue = context.<String>queue();
      List<Integer> numbers = new ArrayList<>(List.of(1, 2));
      JvmProcess process =
          context.start(
              "worker",
              () -> {
                numbers.add(3); // its own copy
                queue.put(JvmProcess.currentProcess().name() + " has " + numbers);
              });
      process.join();
      System.out.println(context + ": " + queue.take() + ", here " + numbers);
    }
    // [end]
  }

  private static void facts() throws Exception {
    // [facts]
    JvmProcess process = Procession.dummy().start("patient", () -> Thread.sleep(Long.MAX_VALUE));
    System.out.println("same pid: " + (process.pid() == ProcessHandle.current().pid()));
    try {
      process.kill();
    } catch (UnsupportedOperationException e) {
      System.out.println(e.getMessage());
    }
    process.terminate();
    process.join();
    System.out.println("exit code " + process.exitCode().getAsInt());
    // [end]
  }
}

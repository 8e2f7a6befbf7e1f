package io.procession.process;

import io.procession.internal.arena.Session;
import io.procession.serial.ByteSink;
import io.procession.serial.Task;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// Starts a child in the way that its options ask for.
final class Start {
  private static final String LAMBDA = "$$Lambda";

  private Start() {}

  /// @param record the launch record of the task
  /// @param exit completed when the child has ended
  static Child of(
      LaunchOptions options,
      String name,
      boolean daemon,
      Task task,
      ByteSink record,
      CompletableFuture<DeathCertificate> exit) {
    Session session = Spawn.session();
    LaunchPlan plan = LaunchPlan.of(options);
    StartMethod method = options.startMethod();
    if (method == null) {
      method = StartMethod.current();
    }
    Launched launched = null;
    if (method == StartMethod.FORKSERVER) {
      launched = Spares.own().start(session, plan, name, host(task), record);
    }
    if (launched == null) {
      launched = Spawn.child(session, name, plan, record);
    }
    Consumer<OutputLine> consumer = options.output().consumer();
    OutputReader output =
        consumer == null ? null : OutputReader.start(name, launched.process(), consumer);
    return new Child(name, daemon, launched, output, options.startLimit(), exit);
  }

  /// The name of the class whose code a task is.
  private static String host(Task task) {
    String name = task.getClass().getName();
    int lambda = name.indexOf(LAMBDA);
    return lambda < 0 ? name : name.substring(0, lambda);
  }
}

package io.procession.process;

import io.procession.internal.arena.Session;
import io.procession.internal.order.EndsLast;
import io.procession.serial.ByteSink;
import io.procession.serial.SerializableRunnable;
import java.util.function.Consumer;

/// Starts a child in the way that its options ask for.
final class Start {
  private static final String LAMBDA = "$$Lambda";

  private Start() {}

  /// @param record the launch record of the task
  /// @param exit told when the child has ended
  static Child of(
      LaunchOptions options,
      String name,
      boolean daemon,
      SerializableRunnable task,
      ByteSink record,
      Consumer<DeathCertificate> exit) {
    Session session = Spawn.session();
    StartMethod method = options.startMethod();
    if (method == null) {
      method = StartMethod.current();
    }
    LaunchPlan plan = null;
    if (method == StartMethod.DUMMY) {
      LaunchChecks.ofThread(options);
    } else {
      plan = LaunchPlan.of(options);
    }
    Consumer<OutputLine> consumer = options.output().consumer();
    OutputReader output = consumer == null ? null : OutputReader.start(name, consumer);
    Launched launched = null;
    boolean isStarted = false;
    try {
      launched =
          plan == null
              ? ThreadProcess.start(session, name, daemon, record)
              : launch(session, plan, method, name, task, record);
      Child child =
          new Child(
              name, daemon, task instanceof EndsLast, launched, output, options.startLimit(), exit);
      if (output != null) {
        output.readFrom(launched.process());
      }
      isStarted = true;
      return child;
    } finally {
      if (!isStarted) {
        if (output != null) {
          output.dismiss();
        }
        if (launched != null) {
          Spawn.undo(session, launched);
        }
      }
    }
  }

  private static Launched launch(
      Session session,
      LaunchPlan plan,
      StartMethod method,
      String name,
      SerializableRunnable task,
      ByteSink record) {
    Launched launched = null;
    if (method == StartMethod.FORKSERVER) {
      launched = Spares.own().start(session, plan, name, host(task), record);
    }
    return launched != null ? launched : Spawn.child(session, name, plan, record);
  }

  /// The name of the class whose code something is that is to be run.
  static String host(Object task) {
    String name = task.getClass().getName();
    int lambda = name.indexOf(LAMBDA);
    return lambda < 0 ? name : name.substring(0, lambda);
  }
}

package io.procession.junit;

import java.time.Duration;
import java.util.Timer;
import java.util.TimerTask;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.PreInterruptCallback;
import org.junit.jupiter.api.extension.PreInterruptContext;

/// Shows where every JVM stands when a test exceeds its time limit, then ends the hang.
///
/// The limit is JUnit's: `@Timeout`, or `junit.jupiter.execution.timeout.default` in
/// `junit-platform.properties`. When it runs out, the stacks of this JVM and of all descendants are printed to
/// standard error, the descendants are killed and the test is interrupted, which fails it. A test that does not
/// even react to that within 20 s, or [#PATIENCE], ends this JVM with exit code 124, so that a build does not
/// hang.
public final class HangWatch implements PreInterruptCallback {
  /// Configuration parameter: how long a test may take to end once it has been interrupted, as an ISO-8601
  /// duration.
  public static final String PATIENCE = "procession.junit.hang.patience";

  private static final Duration USUAL_PATIENCE = Duration.ofSeconds(20);
  private static final Namespace NAMESPACE = Namespace.create(HangWatch.class);

  /// Exit code of a test JVM that could not get rid of a hanging test: that of timeout(1).
  static final int EXIT_CODE = 124;

  /// For JUnit.
  public HangWatch() {}

  @Override
  public void beforeThreadInterrupt(PreInterruptContext interrupt, ExtensionContext context) {
    String test = context.getUniqueId();
    Thread thread = interrupt.getThreadToInterrupt();
    System.err.println("HANG: " + test + " exceeded its time limit on thread " + thread.getName());
    System.err.println(ProcessStacks.ofTree(ProcessHandle.current()));
    System.err.flush();
    ProcessHandle.current().descendants().forEach(HangWatch::end);
    haltUnlessOver(test, context);
  }

  /// Kills a process, and takes away the socket by which it was asked for its stacks.
  private static void end(ProcessHandle process) {
    process.destroyForcibly();
    ProcessStacks.deleteSocket(process.pid()); // of one that was too late to answer
  }

  /// JUnit closes any `AutoCloseable` from 5.13 on only, and not if it is told otherwise.
  @SuppressWarnings("deprecation")
  private static ExtensionContext.Store.CloseableResource canceller(Timer timer) {
    return timer::cancel;
  }

  /// Gives the test time to end by the interrupt; the end of its context cancels what follows.
  private static void haltUnlessOver(String test, ExtensionContext context) {
    Duration patience =
        context.getConfigurationParameter(PATIENCE, Duration::parse).orElse(USUAL_PATIENCE);
    var timer = new Timer("test-hang-watch", true);
    timer.schedule(
        new TimerTask() {
          @Override
          public void run() {
            System.err.println("HANG: " + test + " ignores its interrupt, ending this JVM");
            System.err.flush();
            Runtime.getRuntime().halt(EXIT_CODE);
          }
        },
        patience.toMillis());
    context.getStore(NAMESPACE).put(timer, canceller(timer));
  }
}

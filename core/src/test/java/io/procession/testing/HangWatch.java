package io.procession.testing;

import java.util.Timer;
import java.util.TimerTask;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.PreInterruptCallback;
import org.junit.jupiter.api.extension.PreInterruptContext;

/// Shows where every JVM stands when a test exceeds its time limit, then ends the hang.
///
/// The limit is JUnit's: `@Timeout`, or the default in `junit-platform.properties`. When it runs out, the
/// stacks of this JVM and of all descendants are printed, the descendants are killed and the test is
/// interrupted, which fails it. A test that does not even react to that ends this JVM.
public final class HangWatch implements PreInterruptCallback {
  private static final Namespace NAMESPACE = Namespace.create(HangWatch.class);

  /// Exit code of a test JVM that could not get rid of a hanging test: that of timeout(1).
  static final int EXIT_CODE = 124;

  @Override
  public void beforeThreadInterrupt(PreInterruptContext interrupt, ExtensionContext context) {
    String test = context.getUniqueId();
    Thread thread = interrupt.getThreadToInterrupt();
    System.err.println("HANG: " + test + " exceeded its time limit on thread " + thread.getName());
    System.err.println(Stacks.ofTree(ProcessHandle.current()));
    System.err.flush();
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    haltUnlessOver(test, context);
  }

  /// Gives the test time to end by the interrupt; the end of its context cancels what follows.
  private static void haltUnlessOver(String test, ExtensionContext context) {
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
        Deadlines.LONG.toMillis());
    AutoCloseable cancel = timer::cancel;
    context.getStore(NAMESPACE).put(timer, cancel);
  }
}

package io.procession.testing;

import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;

/// Fails a test class that leaves something behind: a process, a file of ours in `/dev/shm` or the
/// temporary folder, a descriptor, a non-daemon thread, a thread of the library that should have ended.
///
/// Watches every test class by itself. What is on its way out gets time to go. Processes that stay are
/// killed, so that they trouble no later class.
public final class LeakCheck implements BeforeAllCallback, AfterAllCallback {
  /// Configuration parameter: how long what a class leaves may take to go, as an ISO-8601 duration.
  static final String PATIENCE = "procession.test.leak.patience";

  private static final Namespace NAMESPACE = Namespace.create(LeakCheck.class);

  @Override
  public void beforeAll(ExtensionContext context) {
    if (isOutermost(context)) {
      JdkPollers.open();
      store(context).put("before", Belongings.now());
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (!isOutermost(context)) {
      return;
    }
    Belongings before = requireNonNull(store(context).get("before", Belongings.class));
    var left = new AtomicReference<Set<String>>(Set.of());
    try {
      await()
          .pollInSameThread()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(10))
          .atMost(
              context.getConfigurationParameter(PATIENCE, Duration::parse).orElse(Deadlines.MEDIUM))
          .until(() -> {
            left.set(Belongings.now().beyond(before));
            return left.get().isEmpty();
          });
    } catch (ConditionTimeoutException e) {
      ProcessHandle.current()
          .descendants()
          .filter(process -> !before.processes().contains(process))
          .forEach(ProcessHandle::destroyForcibly);
      throw new AssertionError(
          context.getDisplayName() + " left behind:\n  " + String.join("\n  ", left.get()));
    }
  }

  private static boolean isOutermost(ExtensionContext context) {
    return !context.getRequiredTestClass().isAnnotationPresent(Nested.class);
  }

  private static Store store(ExtensionContext context) {
    return context.getStore(NAMESPACE);
  }
}

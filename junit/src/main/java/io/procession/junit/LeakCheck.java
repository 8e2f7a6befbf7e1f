package io.procession.junit;

import static java.util.Objects.requireNonNull;
import static java.util.function.Predicate.not;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;

/// Fails a test class that leaves something behind: a process, a file of the library's in `/dev/shm` or the
/// temporary folder, a descriptor, a non-daemon thread, a thread of the library that should have ended.
///
/// Watches every test class by itself, with the nested ones in it. What is on its way out gets time to go:
/// two seconds, or [#PATIENCE], and the library's training of an archive of its classes, which the second start of a
/// process on a machine begins in the background, until it is done. Processes that stay are killed, so that they trouble no later class. What may
/// stay can be named by [#IGNORE].
///
/// Descriptors are looked at on Linux only. Classes that run at the same time in one JVM are blamed for each
/// other's belongings: run them one after the other, or in JVMs of their own (Surefire's `forkCount`).
public final class LeakCheck implements BeforeAllCallback, AfterAllCallback {
  /// Configuration parameter: how long what a class leaves may take to go, as an ISO-8601 duration.
  public static final String PATIENCE = "procession.junit.leak.patience";

  /// Configuration parameter: a regular expression; what it matches as a whole, as the message shows it
  /// (`non-daemon thread flusher-1`), may stay.
  public static final String IGNORE = "procession.junit.leak.ignore";

  private static final Namespace NAMESPACE = Namespace.create(LeakCheck.class);
  private static final Duration USUAL_PATIENCE = Duration.ofSeconds(2);
  private static final Duration LONGEST_TRAINING = Duration.ofMinutes(1);
  private static final String TRAINING = "thread procession-aot-training";
  private static final int LOOK_EVERY_MILLIS = 10;

  /// For JUnit.
  public LeakCheck() {}

  @Override
  public void beforeAll(ExtensionContext context) {
    if (isOutermost(context)) {
      JdkPollers.open();
      store(context).put("before", Belongings.now());
    }
  }

  @Override
  public void afterAll(ExtensionContext context) throws InterruptedException {
    if (!isOutermost(context)) {
      return;
    }
    Belongings before = requireNonNull(store(context).get("before", Belongings.class));
    Duration patience =
        context.getConfigurationParameter(PATIENCE, Duration::parse).orElse(USUAL_PATIENCE);
    Predicate<String> mayStay =
        context
            .getConfigurationParameter(IGNORE)
            .map(expression -> Pattern.compile(expression).asMatchPredicate())
            .orElse(line -> false);
    long start = System.nanoTime();
    long end = start + patience.toNanos();
    long trained = start + LONGEST_TRAINING.toNanos();
    Set<String> left = left(before, mayStay);
    while (!left.isEmpty() && System.nanoTime() - end < 0) {
      TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS); // nothing of this announces its end
      left = left(before, mayStay);
      if (left.stream().anyMatch(line -> line.endsWith(TRAINING))) {
        end = Math.min(System.nanoTime() + patience.toNanos(), trained);
      }
    }
    if (!left.isEmpty()) {
      ProcessHandle.current()
          .descendants()
          .filter(process -> !before.processes().contains(process))
          .filter(process -> !mayStay.test(Belongings.named(process)))
          .forEach(ProcessHandle::destroyForcibly);
      throw new AssertionError(
          context.getDisplayName() + " left behind:\n  " + String.join("\n  ", left));
    }
  }

  private static Set<String> left(Belongings before, Predicate<String> mayStay) {
    var left = new TreeSet<String>();
    Belongings.now().beyond(before).stream().filter(not(mayStay)).forEach(left::add);
    return left;
  }

  private static boolean isOutermost(ExtensionContext context) {
    return !context.getRequiredTestClass().isAnnotationPresent(Nested.class);
  }

  private static Store store(ExtensionContext context) {
    return context.getStore(NAMESPACE);
  }
}

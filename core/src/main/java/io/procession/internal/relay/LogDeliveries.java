package io.procession.internal.relay;

import io.procession.internal.arena.LastWords;
import io.procession.logging.LogEntry;
import io.procession.logging.LogTarget;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/// Gives records that have arrived to the frameworks that they were logged by. For one thread.
final class LogDeliveries {
  private @Nullable Map<String, LogTarget> targets;
  private boolean hasFailed;

  /// Gives a record to its framework's target, or to the platform's logger where there is none. A
  /// failure is told once: a handler that fails would fail for each.
  void deliver(byte[] bytes) {
    try {
      LogEntry entry = LogForm.read(bytes);
      target(entry.framework()).log(entry);
    } catch (IOException | RuntimeException | Error e) {
      if (!hasFailed) {
        hasFailed = true;
        LastWords.say("a record of a child's log is lost; others may be, too, without a word", e);
      }
    }
  }

  private LogTarget target(String framework) {
    Map<String, LogTarget> known = targets;
    if (known == null) {
      known = find();
      targets = known;
    }
    LogTarget target = known.get(framework);
    return target == null ? PlatformTarget.INSTANCE : target;
  }

  private static Map<String, LogTarget> find() {
    Map<String, LogTarget> found = new HashMap<>();
    if (ModuleLayer.boot().findModule("java.logging").isPresent()) {
      found.put(JulTarget.FRAMEWORK, new JulTarget());
    }
    ServiceLoader<LogTarget> loader =
        ServiceLoader.load(LogTarget.class, LogTarget.class.getClassLoader());
    for (ServiceLoader.Provider<LogTarget> provider : loader.stream().toList()) {
      try {
        LogTarget target = provider.get();
        found.put(target.framework(), target);
      } catch (ServiceConfigurationError | LinkageError e) {
        // one whose framework is not there: its records come by the platform's logger
      }
    }
    return found;
  }
}

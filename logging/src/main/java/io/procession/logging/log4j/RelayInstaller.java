package io.procession.logging.log4j;

import io.procession.logging.LogRelay;
import java.util.List;
import java.util.Map;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.util.ContextDataProvider;
import org.jspecify.annotations.Nullable;

/// Puts [RelayAppender] in the place of the root logger's appenders in a child. In other processes it does
/// nothing. Found by Log4j, as a service.
///
/// Log4j asks it for data of each event before it looks for appenders: so it is in time for the first, and
/// for the first after a configuration was read anew; and it costs nothing before there is any.
public final class RelayInstaller implements ContextDataProvider {
  private volatile @Nullable Configuration known;

  /// For Log4j.
  public RelayInstaller() {}

  @Override
  public Map<String, String> supplyContextData() {
    if (LogRelay.isWanted() && LogManager.getContext(false) instanceof LoggerContext context) {
      Configuration configuration = context.getConfiguration();
      if (!configuration.equals(known)) {
        install(configuration);
      }
    }
    return Map.of();
  }

  private synchronized void install(Configuration configuration) {
    if (configuration.equals(known)) {
      return;
    }
    LoggerConfig root = configuration.getRootLogger();
    List<Appender> others = List.copyOf(root.getAppenders().values());
    RelayAppender relay = new RelayAppender();
    relay.start();
    configuration.addAppender(relay);
    root.addAppender(relay, null, null);
    for (Appender other : others) {
      root.removeAppender(other.getName());
    }
    known = configuration; // last: until then every other thread that logs waits here
  }
}

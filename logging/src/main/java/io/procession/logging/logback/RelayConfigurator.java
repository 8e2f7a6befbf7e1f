package io.procession.logging.logback;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.SerializedModelConfigurator;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.DefaultJoranConfigurator;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.spi.ContextAwareBase;
import io.procession.logging.LogRelay;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/// Configures Logback in a child as it would be without us, but for the appenders of the root logger,
/// instead of which there is [RelayAppender]. In other processes it does nothing. Found by Logback, as a
/// service, when the first logger is made.
@ConfiguratorRank(ConfiguratorRank.CUSTOM_TOP_PRIORITY)
public final class RelayConfigurator extends ContextAwareBase implements Configurator {
  /// For Logback.
  public RelayConfigurator() {}

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    if (!LogRelay.isExpected()) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    configureAsEver(context);
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    List<Appender<ILoggingEvent>> replaced = new ArrayList<>();
    root.iteratorForAppenders().forEachRemaining(replaced::add);
    replaced.forEach(root::detachAppender);
    RelayAppender relay = new RelayAppender();
    relay.setEarly(replaced);
    relay.setContext(context);
    relay.setName("procession");
    relay.start();
    root.addAppender(relay);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  private void configureAsEver(LoggerContext context) {
    for (Configurator other :
        ServiceLoader.load(Configurator.class, RelayConfigurator.class.getClassLoader())) {
      if (!(other instanceof RelayConfigurator) && isDoneBy(other, context)) {
        return;
      }
    }
    if (!isDoneBy(new SerializedModelConfigurator(), context)) {
      boolean _ = isDoneBy(new DefaultJoranConfigurator(), context);
    }
  }

  private static boolean isDoneBy(Configurator configurator, LoggerContext context) {
    configurator.setContext(context);
    return configurator.configure(context) == ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}

package io.procession.internal.relay;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/// Sets `java.util.logging` up in a child: as it would be without us, but for the handlers of the root,
/// instead of which there is [JulRelay]. Public because the framework makes one, when the child first
/// logs something.
public final class JulSetUp {
  /// The property by which the framework is told of a class like this.
  public static final String PROPERTY = "java.util.logging.config.class";

  private static final String FILE = "java.util.logging.config.file";

  /// Does it.
  ///
  /// @throws IOException if the configuration cannot be read; the framework says so
  public JulSetUp() throws IOException {
    String chosen = System.getProperty(FILE);
    Path usual = Path.of(System.getProperty("java.home"), "conf", "logging.properties");
    Properties properties;
    IOException problem = null;
    try {
      properties = read(chosen == null ? usual : Path.of(chosen));
    } catch (IOException e) {
      properties = read(usual);
      problem = e;
    }
    properties.setProperty("handlers", JulRelay.class.getName());
    var bytes = new ByteArrayOutputStream();
    properties.store(bytes, null);
    LogManager.getLogManager().readConfiguration(new ByteArrayInputStream(bytes.toByteArray()));
    if (problem != null) {
      Logger.getLogger("io.procession.logging")
          .log(
              Level.WARNING,
              "the configuration of logging cannot be read (give a path that holds in the working folder of"
                  + " each process), and the JDK's own is used: "
                  + FILE
                  + "="
                  + chosen
                  + ": "
                  + problem);
    }
  }

  private static Properties read(Path file) throws IOException {
    Properties properties = new Properties();
    try (InputStream in = Files.newInputStream(file)) {
      properties.load(in);
    }
    return properties;
  }

  /// Puts the relay in the place of the root's handlers, in a process where the framework may be at work
  /// already.
  public static void replaceHandlers() {
    Logger root = LogManager.getLogManager().getLogger("");
    if (root != null) {
      for (Handler handler : root.getHandlers()) {
        root.removeHandler(handler);
      }
      root.addHandler(new JulRelay());
    }
  }
}

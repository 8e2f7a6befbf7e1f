package io.procession.examples.guide;

import io.procession.Procession;
import io.procession.process.JvmProcess;
import io.procession.process.LaunchOptions;
import io.procession.process.Output;
import java.lang.System.Logger.Level;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// Where records go that processes log.
public final class Logging {
  private Logging() {}

  public static void main(String[] args) throws Exception {
    Part.of("relay", Logging::relay);
    Part.of("stderr", Logging::stderr);
    Part.of("own", Logging::own);
  }

  private static void relay() throws InterruptedException {
    // [relay]
    Logger images = Logger.getLogger("images");
    images.setUseParentHandlers(false);
    images.addHandler(
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            String message = record.getMessage().replaceFirst("pid \\d+", "pid 4242");
            System.out.println(record.getLevel() + " " + record.getLoggerName() + ": " + message);
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        });
    var resizer =
        JvmProcess.of(
            "resizer",
            () -> {
              Logger.getLogger("images").info("resized 3 of them");
              System.getLogger("images").log(Level.WARNING, "one was empty");
            });
    resizer.start();
    resizer.join();
    // [end]
  }

  private static void stderr() throws InterruptedException {
    // [stderr]
    Procession.logToStderr(Level.WARNING);
    var shown =
        LaunchOptions.defaults().withOutput(Output.lines(line -> System.out.println(line.text())));
    var worker =
        JvmProcess.of(
            "worker",
            shown,
            () -> {
              System.Logger logger = Procession.getLogger();
              logger.log(Level.WARNING, "{0} still to do", 7);
              logger.log(Level.INFO, "not shown");
            });
    worker.start();
    worker.join();
    // [end]
    Procession.logToStderr(Level.OFF);
  }

  private static void own() throws InterruptedException {
    // [own]
    var options = LaunchOptions.defaults().withSystemProperty("procession.logs", "own");
    var quiet =
        JvmProcess.of(
            "quiet",
            options.withOutput(Output.discard()),
            () -> Logger.getLogger("images").severe("to my own handlers"));
    quiet.start();
    quiet.join();
    System.out.println(quiet.certificate().orElseThrow().lastWords().lines().toList().getLast());
    // [end]
  }
}

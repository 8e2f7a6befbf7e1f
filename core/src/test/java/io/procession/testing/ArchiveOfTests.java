package io.procession.testing;

import io.procession.process.JvmProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/// Has the archive of the library's classes made before the first integration test, with which their
/// children start as a user's do.
///
/// The tests take what is there (`procession.aot=found`), so that none of them meets processes that
/// train. Those that are about archives make their own.
public final class ArchiveOfTests implements LauncherSessionListener {
  private static final String TRAINING = "procession-aot-training";

  /// Its three steps have what processor time others leave, and give up after a minute each: the tests do
  /// without then.
  private static final Duration LIMIT = Duration.ofMinutes(4);

  /// For JUnit.
  public ArchiveOfTests() {}

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    String folder = System.getProperty("procession.aot.folder");
    if (folder == null || !"found".equals(System.getProperty("procession.aot"))) {
      return; // unit tests, an IDE, a module whose tests take the archive of whoever runs them
    }
    try (FileChannel channel =
            FileChannel.open(
                Path.of(folder + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock _ = channel.lock(); // tests run in several JVMs: one makes it
        ChildJvm trainer =
            ChildJvm.main(ArchiveOfTests.class).flags("-Dprocession.aot=on").start()) {
      trainer.succeed(LIMIT);
      ProgramArchive.make(Path.of(folder));
    } catch (IOException e) {
      throw new UncheckedIOException("no archive for the tests: folder=" + folder, e);
    }
  }

  /// Starts as many processes as make the library train, and waits for the end of that.
  public static void main(String[] args) throws InterruptedException {
    for (int i = 0; i < 2; i++) {
      JvmProcess process = JvmProcess.of(() -> {});
      process.start();
      process.join();
    }
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals(TRAINING)) {
        thread.join();
      }
    }
  }
}

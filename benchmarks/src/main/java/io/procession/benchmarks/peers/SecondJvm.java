package io.procession.benchmarks.peers;

import io.procession.benchmarks.measure.JavaCommand;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The other JVM of a peer. It ends when its standard input does, so never outlives this one.
public final class SecondJvm implements AutoCloseable {
  private static final int GRACE_SECONDS = 5;

  private final Process process;

  private SecondJvm(Process process) {
    this.process = process;
  }

  /// Starts `main` with the given flags and arguments.
  public static SecondJvm start(List<String> flags, Class<?> main, String... arguments)
      throws IOException {
    var builder = new ProcessBuilder(JavaCommand.of(flags, main, arguments));
    return new SecondJvm(
        builder.redirectOutput(Redirect.DISCARD).redirectError(Redirect.INHERIT).start());
  }

  /// In the second JVM: ends it at the end of its standard input.
  public static void endWithParent() {
    Thread.ofPlatform()
        .name("end-with-parent")
        .daemon()
        .start(() -> {
          try {
            System.in.transferTo(OutputStream.nullOutputStream());
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          } finally {
            Runtime.getRuntime().halt(0);
          }
        });
  }

  public long pid() {
    return process.pid();
  }

  /// Throws if the other JVM has ended: nobody would be there to wait for.
  public void check() {
    if (!process.isAlive()) {
      throw new IllegalStateException("the second JVM ended: exit code=" + process.exitValue());
    }
  }

  /// Ends the other JVM and returns once it is gone.
  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}

package io.procession.junit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/// A program that does not end.
final class Hangs {
  private Hangs() {}

  /// Starts it, and returns when it hangs.
  static Process inAnotherJvm() throws IOException {
    Process process = Jvm.start(Hangs.class);
    String line = process.inputReader(UTF_8).readLine();
    if (!"hanging".equals(line)) {
      throw new IOException("did not come to hang: " + line);
    }
    return process;
  }

  static void main() throws InterruptedException {
    hangHere();
  }

  private static void hangHere() throws InterruptedException {
    System.out.println("hanging");
    new CountDownLatch(1).await();
  }
}

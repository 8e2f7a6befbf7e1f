package io.procession.examples.guide;

import java.io.IOException;

/// The CPython of this machine, if it has one.
final class Python {
  private Python() {}

  static boolean isThere() throws InterruptedException {
    try {
      return new ProcessBuilder("python3", "-c", "import multiprocessing.shared_memory")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }
}

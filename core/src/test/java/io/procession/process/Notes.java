package io.procession.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A file in which processes of a test note what they do, a line each.
final class Notes {
  private Notes() {}

  static void add(String file, String what) {
    try {
      Files.writeString(
          Path.of(file), what + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

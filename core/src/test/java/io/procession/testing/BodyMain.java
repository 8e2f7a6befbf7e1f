package io.procession.testing;

import java.io.ByteArrayInputStream;
import java.io.ObjectInputStream;
import java.util.Base64;

/// The main class of a [ChildJvm] that runs a [Body].
final class BodyMain {
  private BodyMain() {}

  static void main(String[] args) throws Throwable {
    var bytes = new ByteArrayInputStream(Base64.getDecoder().decode(args[0]));
    try (var in = new ObjectInputStream(bytes)) {
      ((Body) in.readObject()).run();
    }
  }
}

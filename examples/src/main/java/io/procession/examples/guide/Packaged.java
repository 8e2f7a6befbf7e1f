package io.procession.examples.guide;

import io.procession.Procession;
import java.util.List;

/// A program that can be packed up whole.
public final class Packaged {
  private Packaged() {}

  // [first]
  public static void main(String[] args) throws Exception {
    Procession.freezeSupport(args);
    // [end]
    Part.of("pool", Packaged::pool);
  }

  private static void pool() {
    // [pool]
    try (var pool = Procession.pool(2)) {
      System.out.println(pool.map(x -> x * x, List.of(1, 2, 3)));
    }
    // [end]
  }
}

package io.procession.examples;

import io.procession.Procession;
import java.util.List;

/// A first program: squares, each computed by one of four worker processes.
public final class Hello {
  private Hello() {}

  public static void main(String[] args) {
    try (var pool = Procession.pool(4)) {
      System.out.println(pool.map(x -> x * x, List.of(1, 2, 3)));
    }
  }
}

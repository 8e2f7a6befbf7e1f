package starter;

import io.procession.Procession;
import java.util.List;

/// Counts the primes below some numbers, each in a process of its own.
public class Main {
  static void main() {
    try (var pool = Procession.pool()) {
      List<Integer> limits = List.of(10_000, 100_000, 1_000_000);
      System.out.println(pool.map(Main::primesBelow, limits));
    }
  }

  static int primesBelow(int limit) {
    boolean[] composite = new boolean[limit];
    int primes = 0;
    for (int n = 2; n < limit; n++) {
      if (!composite[n]) {
        primes++;
        for (long m = (long) n * n; m < limit; m += n) {
          composite[(int) m] = true;
        }
      }
    }
    return primes;
  }
}

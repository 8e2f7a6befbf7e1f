package io.procession.connection;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;

/// What a hostile peer does.
enum Attack {
  LEAVES(true) {
    @Override
    void run(HostileWire wire, Random random) {}
  },
  RESETS(true) {
    @Override
    void run(HostileWire wire, Random random) throws IOException {
      wire.resetAtClose();
    }
  },
  SENDS_GARBAGE(false) {
    @Override
    void run(HostileWire wire, Random random) throws IOException {
      byte[] garbage = new byte[8 + random.nextInt(600)]; // of less, more would be waited for
      random.nextBytes(garbage);
      wire.out.write(garbage);
      wire.awaitEnd();
    }
  },
  ANNOUNCES_MUCH(true) {
    @Override
    void run(HostileWire wire, Random random) throws IOException {
      wire.out.write(new byte[] {0x7F, -1, -1, -1, 1, 2, 3});
      wire.awaitEnd();
    }
  },
  ANNOUNCES_MORE(true) {
    @Override
    void run(HostileWire wire, Random random) throws IOException {
      byte[] header = new byte[12];
      Arrays.fill(header, (byte) -1);
      wire.out.write(header);
      wire.awaitEnd();
    }
  },
  SENDS_HALF_A_MESSAGE(true) {
    @Override
    void run(HostileWire wire, Random random) throws IOException {
      wire.out.write(new byte[] {0, 0, 0, 40, 1, 2, 3});
    }
  },
  GUESSES(true) {
    @Override
    void run(HostileWire wire, Random random) throws IOException {
      byte[] guess = new byte[44];
      random.nextBytes(guess);
      System.arraycopy(new byte[] {0, 0, 0, 40}, 0, guess, 0, 4);
      System.arraycopy("{sha256}".getBytes(US_ASCII), 0, guess, 4, 8);
      wire.out.write(guess);
      wire.awaitEnd();
    }
  },
  SENDS_THE_CHALLENGE_BACK(false) {
    @Override
    void run(HostileWire wire, Random random) throws IOException {
      wire.out.write(wire.in.readNBytes(63));
      wire.awaitEnd();
    }
  },
  IS_SLOW(true) {
    @Override
    void run(HostileWire wire, Random random) throws IOException {
      for (int i = 0; i < 5; i++) {
        wire.out.write(0);
        wire.awaitEndShortly();
      }
    }
  };

  /// Whether it also does so after it has authenticated itself. The others would wait for ever then.
  final boolean isAlsoOfAcquaintances;

  Attack(boolean isAlsoOfAcquaintances) {
    this.isAlsoOfAcquaintances = isAlsoOfAcquaintances;
  }

  abstract void run(HostileWire wire, Random random) throws IOException;
}

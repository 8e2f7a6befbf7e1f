package io.procession.stress.words;

import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// One who may sleep in a test, and what is known of its sleep.
public final class Sleeper {
  private static final ThreadLocal<@Nullable Sleeper> CURRENT = new ThreadLocal<>();

  private static final int MOST_LOOKS = 10_000;
  private static final int MOST_SPINS = 300;
  private static final int MOST_ORDERS = 16;

  private volatile boolean begun;
  private volatile boolean othersAreDone;
  private int forgotten;

  /// Says that the calling thread is this one until it says so of another.
  public void begin() {
    CURRENT.set(this);
    begun = true;
  }

  /// Waits until it has begun, if it does so soon, and then for any while in which it may go to sleep.
  public void letBegin() {
    for (int i = 0; i < MOST_LOOKS && !begun; i++) {
      Thread.onSpinWait();
    }
    for (int i = ThreadLocalRandom.current().nextInt(MOST_SPINS); i > 0; i--) {
      Thread.onSpinWait();
    }
  }

  /// As [#letBegin], for a while of any order of magnitude: to go to sleep takes a microsecond or a hundred, as the
  /// code is compiled.
  public void letGoToSleep() {
    for (int i = 0; i < MOST_LOOKS && !begun; i++) {
      Thread.onSpinWait();
    }
    ThreadLocalRandom random = ThreadLocalRandom.current();
    for (int i = random.nextInt(1 << random.nextInt(MOST_ORDERS)); i > 0; i--) {
      Thread.onSpinWait();
    }
  }

  /// Says that nobody will call any more.
  public void leaveAlone() {
    othersAreDone = true;
  }

  /// How often it would have slept for ever.
  public int forgotten() {
    return forgotten;
  }

  boolean othersAreDone() {
    return othersAreDone;
  }

  void forget() {
    forgotten++;
  }

  static Sleeper current() {
    Sleeper current = CURRENT.get();
    if (current == null) {
      throw new IllegalStateException("who may sleep says so first: Sleeper.begin");
    }
    return current;
  }
}

package io.procession.sync;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.LockWord;
import io.procession.stress.words.Sleeper;
import io.procession.stress.words.TwoProcesses;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/// Two processes change plain memory under one lock, whose release is a plain store.
@JCStressTest
@Outcome(id = "2, 0", expect = ACCEPTABLE, desc = "one -> release -> other: both changes count")
@Outcome(id = "1, 0", expect = FORBIDDEN, desc = "both were in: a change is lost")
@Outcome(id = ".*, [1-9].*", expect = FORBIDDEN, desc = "a sleeper was not called by the release")
@State
public class LockExclusion {
  private static final int SPINS_INSIDE = 20;

  private final CellRef cell = TwoProcesses.cell(CellKind.LOCK);
  private final Sleeper firstSleeper = new Sleeper();
  private final Sleeper secondSleeper = new Sleeper();
  private final SharedLock first;
  private final SharedLock second;
  private int number;

  /// Makes the lock.
  public LockExclusion() {
    LockWord _ = LockWord.create(TwoProcesses.FIRST, cell);
    first = SharedLock.attach(TwoProcesses.FIRST, cell);
    second = SharedLock.attach(TwoProcesses.SECOND, cell);
  }

  @Actor
  public void first() {
    firstSleeper.begin();
    change(first);
    secondSleeper.leaveAlone();
  }

  @Actor
  public void second() {
    secondSleeper.begin();
    change(second);
    firstSleeper.leaveAlone();
  }

  private void change(SharedLock lock) {
    lock.lock();
    try {
      int seen = number;
      for (int i = 0; i < SPINS_INSIDE; i++) {
        Thread.onSpinWait();
      }
      number = seen + 1;
    } finally {
      lock.unlock();
    }
  }

  @Arbiter
  public void count(II_Result result) {
    result.r1 = number;
    result.r2 = firstSleeper.forgotten() + secondSleeper.forgotten();
    TwoProcesses.free(cell);
  }
}

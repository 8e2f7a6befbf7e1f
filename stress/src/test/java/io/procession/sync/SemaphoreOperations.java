package io.procession.sync;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.stress.words.TwoProcesses;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;

/// Whatever two processes do with a semaphore at once has the results of some order of the same
/// operations on a number.
@Param(name = "permits", gen = IntGen.class, conf = "1:3")
public class SemaphoreOperations {
  private static final int PERMITS = 3;

  private final CellRef cell = TwoProcesses.cellForAWhile(CellKind.SEMAPHORE);
  private final SharedSemaphore first;
  private final SharedSemaphore second;

  public SemaphoreOperations() {
    new SemaphoreWord(TwoProcesses.FIRST, cell, false).permits().setUp(PERMITS, Integer.MAX_VALUE);
    first = SharedSemaphore.attach(TwoProcesses.FIRST, cell);
    second = SharedSemaphore.attach(TwoProcesses.SECOND, cell);
  }

  @Operation
  public boolean acquireByOne(@Param(name = "permits") int permits) {
    return first.tryAcquire(permits);
  }

  @Operation
  public boolean acquireByOther(@Param(name = "permits") int permits) {
    return second.tryAcquire(permits);
  }

  @Operation
  public void releaseByOne(@Param(name = "permits") int permits) {
    first.release(permits);
  }

  @Operation
  public void releaseByOther(@Param(name = "permits") int permits) {
    second.release(permits);
  }

  @Operation
  public int drain() {
    return first.drainPermits();
  }

  @Operation
  public int available() {
    return second.availablePermits();
  }

  /// What it is to be.
  public static final class Count {
    private int permits = PERMITS;

    public boolean acquireByOne(int count) {
      boolean there = permits >= count;
      permits -= there ? count : 0;
      return there;
    }

    public boolean acquireByOther(int count) {
      return acquireByOne(count);
    }

    public void releaseByOne(int count) {
      permits += count;
    }

    public void releaseByOther(int count) {
      permits += count;
    }

    public int drain() {
      int there = permits;
      permits = 0;
      return there;
    }

    public int available() {
      return permits;
    }
  }
}

package io.procession.process;

import io.procession.serial.SerializableRunnable;

/// The task of a process whose class says itself what it does.
final class OwnRun implements SerializableRunnable {
  private static final long serialVersionUID = 1L;

  private final JvmProcess process;

  OwnRun(JvmProcess process) {
    this.process = process;
  }

  @Override
  public void run() throws Exception {
    process.runHere();
  }
}

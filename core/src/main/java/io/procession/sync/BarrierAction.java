package io.procession.sync;

import io.procession.internal.arena.Session;
import io.procession.internal.arena.Units;
import io.procession.internal.arena.Words;
import io.procession.serial.ByteSink;
import io.procession.serial.ByteSource;
import io.procession.serial.Codec;
import io.procession.serial.SerializableRunnable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The action of a barrier: as the maker gave it, and as bytes in the units of the barrier, behind its
/// table, from which every other process has it when it is first to run it.
final class BarrierAction {
  static final BarrierAction NONE = new BarrierAction(null, new byte[0]);

  private @Nullable SerializableRunnable task;
  private final byte[] bytes;

  private BarrierAction(@Nullable SerializableRunnable task, byte[] bytes) {
    this.task = task;
    this.bytes = bytes;
  }

  static BarrierAction of(SerializableRunnable task) {
    ByteSink out = new ByteSink(256);
    Codec.standard().encode(task, out);
    byte[] bytes = new byte[out.length()];
    System.arraycopy(out.array(), 0, bytes, 0, bytes.length);
    return new BarrierAction(task, bytes);
  }

  static BarrierAction load(Session session, int unit, int length) {
    if (length <= 0) {
      return NONE;
    }
    byte[] bytes = new byte[length];
    Words.copyOut(session.memory(), at(unit), bytes, 0, length);
    return new BarrierAction(null, bytes);
  }

  int length() {
    return bytes.length;
  }

  /// Claims the units of a barrier and puts the action there.
  ///
  /// @return the first unit
  int store(Session session, int cell) {
    int actionUnits = bytes.length == 0 ? 0 : Units.unitsFor(bytes.length);
    int unit = session.units().allocate(cell, ProcessTable.UNITS + actionUnits);
    if (bytes.length > 0) {
      Words.copyIn(bytes, 0, session.memory(), at(unit), bytes.length);
    }
    return unit;
  }

  void run() throws Exception {
    if (bytes.length > 0) {
      task().run();
    }
  }

  private synchronized SerializableRunnable task() throws IOException, ClassNotFoundException {
    SerializableRunnable known = task;
    if (known == null) {
      if (!(Codec.standard().decode(new ByteSource(bytes, 0, bytes.length))
          instanceof SerializableRunnable sent)) {
        throw new IOException("the action of a barrier is no task");
      }
      known = sent;
      task = known;
    }
    return known;
  }

  private static long at(int unit) {
    return Units.offset(unit + ProcessTable.UNITS);
  }
}

package io.procession.pool;

import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Looks at the memory of a pool's workers, several times a second: who has too much makes room for a fresh
/// worker between tasks, or is killed.
final class MemoryWatch {
  private static final long INTERVAL_NANOS = 200_000_000;

  private final Supplier<Iterable<Link>> links;
  private final BooleanSupplier isWanted;
  private final Overseer overseer;
  private final long soft;
  private final long hard;

  /// @param soft so many bytes are too many to begin another task; 0 for no limit
  /// @param hard so many are too many at all; 0 for no limit
  MemoryWatch(
      Supplier<Iterable<Link>> links,
      BooleanSupplier isWanted,
      Overseer overseer,
      long soft,
      long hard) {
    this.links = links;
    this.isWanted = isWanted;
    this.overseer = overseer;
    this.soft = soft;
    this.hard = hard;
  }

  void begin() {
    Alarm.in(INTERVAL_NANOS, this::round);
  }

  private void round() {
    try {
      for (Link link : links.get()) {
        look(link);
      }
    } catch (RuntimeException | Error e) {
      // a worker that has just gone, or no memory for it here: the next round looks again
    }
    if (isWanted.getAsBoolean()) {
      begin();
    }
  }

  private void look(Link link) {
    if (!link.isReady() || link.desk().isLarge) {
      return;
    }
    long pid = link.process().pid();
    if (pid == ProcessHandle.current().pid()) {
      return; // a thread has no memory of its own
    }
    long resident = ResidentMemory.of(pid);
    if (hard > 0 && resident > hard) {
      overseer.relieve(link.desk(), new Doom.Memory(resident, hard));
    } else if (soft > 0 && resident > soft) {
      overseer.relieve(link.desk(), null);
    }
  }
}

package io.procession.stress.soak;

import io.procession.queue.SharedQueue;
import io.procession.sync.BoundedSharedSemaphore;
import io.procession.sync.LockOptions;
import io.procession.sync.OwnedSemaphore;
import io.procession.sync.SharedEvent;
import io.procession.sync.SharedLock;
import io.procession.sync.SharedReentrantLock;
import io.procession.sync.SharedSemaphore;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// All that the processes of a soak work at.
///
/// @param roster who works there
/// @param stations what at; each at its index
record Grounds(Roster roster, List<Station> stations) implements Serializable {
  private static final int PERMITS = 6;
  private static final int BOUND = 16;

  /// @param names what public names begin with
  static Grounds make(Path folder, int places, String names) {
    List<Station> all = new ArrayList<>();
    LockOptions refusing = LockOptions.defaults().withFailOnOwnerDeath(true);
    pair(all, "SharedLock", new Mutex.Plain(SharedLock.create()), false);
    pair(all, "SharedLock that fails", new Mutex.Plain(SharedLock.create(refusing)), true);
    pair(all, "SharedReentrantLock", new Mutex.Reentrant(SharedReentrantLock.create()), false);
    pair(
        all,
        "SharedReentrantLock that fails",
        new Mutex.Reentrant(SharedReentrantLock.create(refusing)),
        true);
    pair(all, "OwnedSemaphore of 1", new Mutex.Permit(OwnedSemaphore.create(1)), false);
    permits(all, "SharedSemaphore", new Permits.Anyones(SharedSemaphore.create(PERMITS)));
    permits(
        all, "BoundedSharedSemaphore", new Permits.Anyones(BoundedSharedSemaphore.create(PERMITS)));
    permits(all, "OwnedSemaphore", new Permits.Owned(OwnedSemaphore.create(PERMITS)));
    all.add(ConditionStation.of(all.size(), "SharedCondition", SharedReentrantLock.create()));
    all.add(ConditionStation.of(all.size(), "SharedCondition, plain lock", SharedLock.create()));
    all.add(new EventStation(all.size(), "SharedEvent", SharedEvent.create()));
    all.add(BarrierStation.of(all.size(), "SharedBarrier"));
    all.add(NumberStation.of(all.size(), "SharedValue, SharedArray"));
    all.add(RecordStation.of(all.size(), "SharedStruct"));
    all.add(ListStation.of(all.size(), "ShareableList, SharedArray"));
    all.add(new NamedStation(all.size(), "SharedMemory with names", names));
    all.add(new CreationStation(all.size(), "new objects of all kinds"));
    all.add(QueueStation.of(all.size(), "SharedQueue", SharedQueue.create(), folder));
    all.add(QueueStation.of(all.size(), "SharedQueue, bounded", SharedQueue.create(BOUND), folder));
    all.add(new PipeStation(all.size(), "Pipe", SharedQueue.create()));
    Roster roster = Roster.in(folder.resolve("roster"), places, all.size());
    return new Grounds(roster, List.copyOf(all));
  }

  private static void pair(List<Station> all, String name, Mutex mutex, boolean refuses) {
    all.add(PairStation.of(all.size(), name, mutex, refuses));
  }

  private static void permits(List<Station> all, String name, Permits permits) {
    all.add(new PermitStation(all.size(), name, permits, PERMITS));
  }
}

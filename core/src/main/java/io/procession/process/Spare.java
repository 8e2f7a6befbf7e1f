package io.procession.process;

import io.procession.internal.arena.Directory;
import io.procession.internal.arena.Session;
import io.procession.internal.posix.ProcessIdentity;
import io.procession.internal.posix.Signals;
import io.procession.internal.ring.EndUsers;
import io.procession.serial.ByteSink;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A JVM that was started ahead, as its parent sees it: it becomes one process, or none.
final class Spare {
  /// The name it has until it is somebody.
  static final String NAME = "spare";

  private static final int SIGNALLED = 128;

  private final Session session;
  private final LaunchPlan plan;
  private final Launched launched;
  private final ProcessIdentity identity;
  private final SpareOrder order;
  private volatile boolean isKilled;

  private Spare(Session session, LaunchPlan plan, Launched launched) {
    this.session = session;
    this.plan = plan;
    this.launched = launched;
    this.identity = ProcessIdentity.of(launched.process().pid());
    this.order = new SpareOrder(session, Directory.body(launched.cell().cell()));
  }

  /// Starts one.
  ///
  /// @param initialized the names of classes that it loads and initializes
  /// @param linked the names of classes that it loads
  static Spare start(
      Session session, LaunchPlan plan, List<String> initialized, List<String> linked) {
    return new Spare(session, plan, Spawn.spare(session, NAME, plan, initialized, linked));
  }

  /// True if it has prepared all it can.
  boolean isReady() {
    return order.state() == SpareOrder.READY;
  }

  /// Asks the kernel, and who has waited for its end.
  boolean isAlive() {
    return identity.isAlive() && launched.process().isAlive();
  }

  /// Makes it the process of a launch record.
  ///
  /// @return what the process has of this one from now on; null if the spare has died while it waited
  @Nullable Launched become(String name, ByteSink record) {
    int participant = launched.participant();
    LaunchRecord.address(record, participant);
    long at = Spawn.write(session, launched.cell(), record);
    session.participants().rename(participant, name);
    EndUsers.start(session, record.handles(), participant);
    boolean wasReady = order.give(at, record.length());
    if (wasReady && !order.awaitTaken(identity)) {
      return null;
    }
    if (wasReady || launched.cache() == null) {
      // an archive with which it came so far is a good one, whatever the process dies of
      return launched.withoutCache();
    }
    return launched.with(new SecondStart(name, plan, at, record.length(), record.handles()));
  }

  /// Ends it at once: nothing that anybody waits for runs in it.
  void kill() {
    isKilled = true;
    launched.process().toHandle().destroyForcibly();
  }

  /// Ends one that seems to be dead: who waits for its end must not wait for ever if it is not.
  void makeSure() {
    launched.process().toHandle().destroyForcibly();
  }

  /// True if somebody has killed it, or memory was short: its archive and its classes are not to blame.
  private static boolean isOthersDoing(int status) {
    return status == SIGNALLED + Signals.SIGKILL || status == SIGNALLED + Signals.SIGTERM;
  }

  /// Waits for the end of one that is dead or killed, and gives back what it had.
  ///
  /// @return whether it ended by itself, before it was ready
  boolean bury() throws InterruptedException {
    int status = launched.process().waitFor();
    boolean failed = !isKilled && !isOthersDoing(status) && order.state() == SpareOrder.PREPARING;
    AotCache cache = launched.cache();
    if (failed && cache != null) {
      cache.judge(status);
    }
    session.burials().bury(launched.participant());
    session.directory().free(launched.cell());
    launched.release();
    try {
      launched.process().getOutputStream().close();
    } catch (IOException e) {
      // it is closed
    }
    return failed;
  }
}

package io.procession.internal.ring;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Claim;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Unreachable;
import io.procession.serial.Handle;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.concurrent.atomic.AtomicBoolean;

/// A claim that is the reading end of a pipe that carries nothing. Its maker, who has the writing end,
/// sees when the reading end is open nowhere any more.
public final class RingClaim implements Claim {
  /// Makes such claims.
  public static final Factory FACTORY = new OfRings();

  private static final long serialVersionUID = 1L;
  private static final RingLimits LIMITS =
      new RingLimits(RingLimits.UNBOUNDED, 1, RingLimits.AtLimit.WAIT);

  private final transient MessageRing pipe;
  private final transient Cleaner.Cleanable net;

  private RingClaim(MessageRing pipe) {
    this.pipe = pipe;
    this.net = Unreachable.watch(this, new GiveUp(pipe, new AtomicBoolean()));
  }

  private static final class OfRings implements Factory {
    @Override
    public Claim create() {
      MessageRing pipe =
          MessageRing.create(Session.current(), CellKind.PIPE, "claim", LIMITS, true);
      pipe.writers().openOwn();
      pipe.readers().openOwn();
      return new RingClaim(pipe);
    }
  }

  /// One that has arrived.
  static RingClaim attach(Handle handle) {
    CellRef ref = new CellRef(handle.session(), handle.cell(), handle.generation());
    MessageRing pipe = MessageRing.attach(Session.current(), ref, CellKind.PIPE);
    pipe.readers().open(pipe);
    return new RingClaim(pipe);
  }

  private Object writeReplace() {
    CellRef ref = pipe.ref();
    return new Handle(
        RingClaim.class.getName(),
        ref.session(),
        ref.cell(),
        ref.generation(),
        EndRef.READERS,
        this::markSent);
  }

  private void markSent() {
    try {
      pipe.markSent();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public boolean isAbandoned() {
    try {
      return pipe.readers().isAbandoned();
    } catch (IllegalStateException e) {
      return true; // the pipe is gone
    }
  }

  @Override
  public void close() {
    net.clean();
  }

  @Override
  public void end() {
    close();
    pipe.writers().close();
    pipe.detach();
  }

  private record GiveUp(MessageRing pipe, AtomicBoolean done) implements Runnable {
    @Override
    public void run() {
      if (done.compareAndSet(false, true)) {
        pipe.readers().close();
      }
    }
  }
}

package io.procession.internal.watch;

import io.procession.internal.posix.Readiness;
import io.procession.internal.posix.Waker;
import java.io.IOException;
import java.util.concurrent.ConcurrentHashMap;

/// A source that is ready as far as a thing of the system is.
public abstract class ReadinessSource implements Source.OfJvm {
  private final Readiness readiness;
  private final int events;
  private final ConcurrentHashMap<Watcher, Ringing> told = new ConcurrentHashMap<>();

  /// Creates the source.
  ///
  /// @param events [Readiness#READ] or [Readiness#WRITE]
  protected ReadinessSource(Readiness readiness, int events) {
    this.readiness = readiness;
    this.events = events;
  }

  /// Asks the system.
  protected abstract boolean isReadyNow() throws IOException;

  @Override
  public final boolean isReady() {
    if (readiness.isClosed()) {
      throw new IllegalStateException("closed in this process: source=" + this);
    }
    try {
      return isReadyNow();
    } catch (IOException e) {
      return true; // its own operation does not wait either, but fails
    }
  }

  @Override
  public final void watch(Watcher watcher) {
    Ringing ringing = new Ringing(watcher);
    if (told.putIfAbsent(watcher, ringing) == null) {
      try {
        readiness.tell(events, ringing);
      } catch (IOException e) {
        ringing.wake(); // it cannot be waited for: let it be looked at, over and over
      }
    }
  }

  @Override
  public final void unwatch(Watcher watcher) {
    Ringing ringing = told.remove(watcher);
    if (ringing != null) {
      readiness.forget(ringing);
    }
  }

  private final class Ringing implements Waker {
    private final Watcher watcher;

    Ringing(Watcher watcher) {
      this.watcher = watcher;
    }

    @Override
    public void wake() {
      told.remove(watcher, this); // first: from here on it may be told again
      watcher.ring(ReadinessSource.this);
    }
  }
}

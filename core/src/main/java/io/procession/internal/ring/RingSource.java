package io.procession.internal.ring;

import io.procession.internal.watch.Source;

/// A ring among others that a thread waits for: ready when there is a message.
public final class RingSource implements Source.OfArena {
  private final MessageRing ring;
  private final String name;

  /// @param name whose ring it is, for messages
  public RingSource(MessageRing ring, String name) {
    this.ring = ring;
    this.name = name;
  }

  @Override
  public boolean isReady() {
    try {
      return ring.isReady();
    } catch (IllegalStateException e) {
      throw new IllegalStateException("cannot wait for " + name + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void announce() {
    ring.watch();
  }
}

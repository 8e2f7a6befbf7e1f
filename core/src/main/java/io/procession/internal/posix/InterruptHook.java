package io.procession.internal.posix;

import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.util.Set;

/// Makes `Thread.interrupt` end a wait in the kernel: it rings a bell that the wait heeds.
///
/// `AbstractSelector.begin` is the one public way to be called when a thread is interrupted. This is
/// no selector otherwise. Several threads may share one: `begin` keeps its state in the thread.
public final class InterruptHook extends AbstractSelector {
  private final Runnable ring;

  /// @param ring ends the wait, or the next one; called on any thread, perhaps after the wait
  @SuppressWarnings("NullAway") // no provider: nothing ever asks for it
  public InterruptHook(Runnable ring) {
    super(null);
    this.ring = ring;
  }

  /// From here on an interrupt rings, also one that came before.
  public void enter() {
    begin();
  }

  /// The wait is over.
  public void leave() {
    end();
  }

  @Override
  public Selector wakeup() {
    ring.run();
    return this;
  }

  @Override
  protected void implCloseSelector() {}

  @Override
  protected SelectionKey register(AbstractSelectableChannel channel, int ops, Object attachment) {
    throw noSelector();
  }

  @Override
  public Set<SelectionKey> keys() {
    throw noSelector();
  }

  @Override
  public Set<SelectionKey> selectedKeys() {
    throw noSelector();
  }

  @Override
  public int selectNow() {
    throw noSelector();
  }

  @Override
  public int select(long timeout) {
    throw noSelector();
  }

  @Override
  public int select() {
    throw noSelector();
  }

  private static AssertionError noSelector() {
    return new AssertionError(
        "a hook for interrupts, not a selector of " + SelectableChannel.class);
  }
}

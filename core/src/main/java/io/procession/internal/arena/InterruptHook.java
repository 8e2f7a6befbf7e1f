package io.procession.internal.arena;

import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.util.Set;

/// Makes `Thread.interrupt` end a wait in the kernel: it rings this process's doorbell.
///
/// `AbstractSelector.begin` is the one public way to be called when a thread is interrupted. This is
/// no selector otherwise. All threads share one: `begin` keeps its state in the thread.
final class InterruptHook extends AbstractSelector {
  private final Waiting waiting;

  @SuppressWarnings("NullAway") // no provider: nothing ever asks for it
  InterruptHook(Waiting waiting) {
    super(null);
    this.waiting = waiting;
  }

  /// From here on an interrupt rings, also one that came before.
  void enter() {
    begin();
  }

  void leave() {
    end();
  }

  @Override
  public Selector wakeup() {
    waiting.ringSelf();
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

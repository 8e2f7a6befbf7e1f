package io.procession.internal.order;

import io.procession.internal.posix.LocalProcess;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// The orders that come to this process from its parent, for what it runs to heed.
///
/// They are heeded one after the other, in their order, by the thread that reads the parent's pipe; those
/// that come before anybody listens wait. It runs in a young JVM.
public final class Orders {
  /// The longest order, in bytes.
  public static final int LONGEST = 255;

  private static final int MOST_WAITING = 64;

  private static final Orders OF_JVM = new Orders();

  // guarded by this
  private final ArrayDeque<byte[]> waiting = new ArrayDeque<>();
  private @Nullable Listener listener;

  private Orders() {}

  /// Heeds what a parent orders.
  public interface Listener {
    /// Does what an order says. Must not wait, and must not throw.
    void heed(byte[] order);
  }

  /// A child, as its parent gives it orders.
  public interface Addressee {
    /// Sends an order, unless the child has ended.
    ///
    /// @param order at most [#LONGEST] bytes
    void order(byte[] order);

    /// Ends the child by force, or as far as that can be: one that is a thread is asked to stop. Does not
    /// wait, and does nothing if it has ended.
    void kill();
  }

  /// Says who heeds the orders of this process's parent, also those that have come already.
  public static void listen(Listener to) {
    LocalProcess here = LocalProcess.current();
    (here == null ? OF_JVM : of(here)).begin(to);
  }

  /// An order of the parent of this JVM has come.
  public static void pass(byte[] order) {
    OF_JVM.heed(order);
  }

  /// An order has come for a process of this JVM. It is heeded by the calling thread.
  public static void pass(LocalProcess to, byte[] order) {
    of(to).heed(order);
  }

  private static Orders of(LocalProcess process) {
    return process.own(Orders.class, Orders::new);
  }

  private synchronized void begin(Listener to) {
    listener = to;
    byte[] order = waiting.pollFirst();
    while (order != null) {
      to.heed(order);
      order = waiting.pollFirst();
    }
  }

  private synchronized void heed(byte[] order) {
    Listener to = listener;
    if (to != null) {
      to.heed(order);
    } else if (waiting.size() < MOST_WAITING) {
      waiting.addLast(order);
    }
  }
}

package io.procession.internal.ring;

import io.procession.internal.arena.Unreachable;
import java.lang.ref.Cleaner;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The messages that this process has taken, with handles of ends of pipes in them that it may not
/// have attached yet. Such an end is this process's until the message has been decoded, or nobody
/// can decode it any more.
final class Undecoded {
  private static final List<Undecoded> MESSAGES = new ArrayList<>(); // also the lock

  private static volatile int count;

  private final WeakReference<byte[]> message;
  private final Cleaner.Cleanable net;

  private Undecoded(byte[] message, List<EndUsers> ends) {
    this.message = new WeakReference<>(message);
    this.net = Unreachable.watch(message, new Close(ends));
  }

  private record Close(List<EndUsers> ends) implements Runnable {
    @Override
    public void run() {
      for (EndUsers users : ends) {
        users.closeMessage();
      }
    }
  }

  /// Notes which ends a message has brought. They have been opened by it.
  static void add(byte[] message, List<EndUsers> ends) {
    synchronized (MESSAGES) {
      MESSAGES.add(new Undecoded(message, ends));
      count = MESSAGES.size();
    }
  }

  /// Says that a message has been decoded, or never will be. Costs one read if there is none.
  static void remove(byte[] message) {
    if (count != 0) {
      Undecoded found = find(message);
      if (found != null) {
        found.net.clean();
      }
    }
  }

  private static @Nullable Undecoded find(byte[] message) {
    Undecoded found = null;
    synchronized (MESSAGES) {
      Iterator<Undecoded> all = MESSAGES.iterator();
      while (all.hasNext()) {
        Undecoded next = all.next();
        if (next.message.refersTo(message)) {
          found = next;
          all.remove();
        } else if (next.message.refersTo(null)) {
          all.remove();
        }
      }
      count = MESSAGES.size();
    }
    return found;
  }
}

package io.procession.connection;

import static java.util.Objects.requireNonNull;

import io.procession.internal.arena.Session;
import io.procession.internal.arena.Waiting;
import io.procession.internal.arena.WatchBells;
import io.procession.internal.posix.AsymmetricFence;
import io.procession.internal.posix.Interruption;
import io.procession.internal.posix.Until;
import io.procession.internal.watch.Source;
import io.procession.internal.watch.Sources;
import io.procession.internal.watch.Watcher;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/// One wait of one thread for any of several objects.
final class AnyWait<W extends Waitable> {
  /*
   * All waits of a process sleep on one word, its watch bell, and each looks for itself at what it waits
   * for. A message in shared memory rings the bells of the processes that watch; what this JVM finds
   * out for itself, and the selector of this wait, ring its own. Both bells are read before anybody is
   * told of the wait, and all are looked at after all have been told. So what comes after its look
   * changes a bell after it was read, and the wait does not sleep.
   *
   * What lies in shared memory is looked at in each round: a few loads each. Others are looked at only
   * at first and when they have rung, since a look may be a call of the system.
   */
  private final List<Entry<W>> entries;
  private final @Nullable ChannelSelection channels;
  private final Session session = Session.current();
  private final WatchBells bells = session.watchBells();

  private AnyWait(Collection<? extends W> objects) {
    this.entries = new ArrayList<>(objects.size());
    for (W object : new LinkedHashSet<>(objects)) {
      entries.add(new Entry<>(object, sourceOf(object), bells));
    }
    this.channels = ChannelSelection.of(entries, bells);
  }

  /// Waits until a deadline for one or more to be ready.
  ///
  /// @return those, none at the deadline
  static <W extends Waitable> SequencedSet<W> await(Collection<? extends W> objects, long deadline)
      throws InterruptedException {
    Interruption.checkInterrupt();
    AnyWait<W> wait = new AnyWait<>(objects);
    try {
      return Collections.unmodifiableSequencedSet(wait.await(deadline));
    } finally {
      wait.end();
    }
  }

  private SequencedSet<W> await(long deadline) throws InterruptedException {
    SequencedSet<W> ready = look();
    while (ready.isEmpty() && !Until.hasPassed(deadline)) {
      int heard = session.waiting().bell();
      int seen = bells.rings();
      announce();
      ready = look();
      if (ready.isEmpty()) {
        bells.await(seen, heard, deadline == Until.FOREVER ? Waiting.forever() : deadline);
        ready = look();
      }
    }
    return ready;
  }

  private SequencedSet<W> look() {
    SequencedSet<W> ready = new LinkedHashSet<>();
    if (channels != null) {
      channels.look();
    }
    for (Entry<W> entry : entries) {
      if (entry.isReady(channels)) {
        ready.add(entry.object);
      }
    }
    return ready;
  }

  private void announce() {
    for (Entry<W> entry : entries) {
      entry.announce();
    }
    if (channels != null) {
      channels.listen();
    }
    AsymmetricFence.heavy();
  }

  private void end() {
    for (Entry<W> entry : entries) {
      entry.end();
    }
    if (channels != null) {
      channels.close();
    }
  }

  private static Source sourceOf(Waitable object) {
    Source source = Sources.of(requireNonNull(object, "an object to wait for"));
    if (source == null) {
      throw new IllegalArgumentException(
          "only objects of this library can be waited for: class="
              + object.getClass().getName()
              + "; for a channel of the JDK see Waitable.of");
    }
    return source;
  }

  /// One of the objects.
  static final class Entry<W> implements Watcher {
    final W object;
    final Source source;
    private final WatchBells bells;
    private boolean isWatched;
    private volatile boolean isToBeAsked = true;

    Entry(W object, Source source, WatchBells bells) {
      this.object = object;
      this.source = source;
      this.bells = bells;
    }

    boolean isReady(@Nullable ChannelSelection channels) {
      return switch (source) {
        case Source.OfArena shared -> shared.isReady();
        case Source.OfJvm local -> isReady(local);
        case Source.OfChannel selected ->
            selected.isReady() || requireNonNull(channels).isReady(selected);
      };
    }

    private boolean isReady(Source.OfJvm local) {
      if (!isToBeAsked) {
        return false;
      }
      isToBeAsked = false;
      isWatched = false;
      return local.isReady();
    }

    void announce() {
      if (source instanceof Source.OfArena shared) {
        shared.announce();
      } else if (source instanceof Source.OfJvm local && !isWatched) {
        isWatched = true;
        local.watch(this);
      }
    }

    void end() {
      if (source instanceof Source.OfJvm local) {
        local.unwatch(this);
      }
    }

    @Override
    public void ring(Source rung) {
      isToBeAsked = true;
      bells.ringSelf();
    }
  }
}

package io.procession.internal.watch;

import java.nio.channels.SelectableChannel;

/// An object that can be waited for together with others (`Waitable.awaitAny`), as the wait sees it:
/// each kind says whether it is ready, and sees to it that the wait is told when that changes.
///
/// The wait asks all sources ([#isReady]). If none is ready it makes all tell it of a change, asks all
/// once more, and sleeps. Many threads of many processes may wait for one source at a time. Methods
/// never block, and are safe for all threads.
public sealed interface Source permits Source.OfArena, Source.OfJvm, Source.OfChannel {

  /// Whether the object's own operation, mostly receiving, would not block now: there is something,
  /// or its stream has ended, or it would throw for any other reason than the one below.
  ///
  /// @throws IllegalStateException if the object is closed in this process, or has been destroyed; the
  ///     message names it
  boolean isReady();

  /// A source whose state lies in shared memory.
  non-sealed interface OfArena extends Source {
    /// Sees to it that the next change that may make the source ready rings the watch bell of this
    /// process. What is announced is good for one ring, and needs no end. The wait has read the bell
    /// before; between this and its next look it says [`heavy`][io.procession.internal.posix.AsymmetricFence].
    ///
    /// A death, a close in this process and a destruction need not ring it: they ring the doorbell.
    void announce();
  }

  /// A source whose state this JVM has.
  non-sealed interface OfJvm extends Source {
    /// Sees to it that the watcher is rung once the source is ready: soon, if it is so now. Called
    /// again after a ring that was in vain; without one, a further call does nothing.
    void watch(Watcher watcher);

    /// Ends what [#watch] began.
    void unwatch(Watcher watcher);
  }

  /// A source that is ready as far as a channel of the JDK is; the wait has a selector for those.
  /// [#isReady] tells of what has been read from the channel already, say.
  non-sealed interface OfChannel extends Source {
    /// The channel, in non-blocking mode.
    SelectableChannel channel();

    /// The operations of `SelectionKey` of which one shall be possible.
    int operations();
  }
}

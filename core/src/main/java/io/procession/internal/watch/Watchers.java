package io.procession.internal.watch;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The waits of this JVM that watch one source. Who has changed the source calls [#ring]; who comes
/// looks at the source after [#add].
public final class Watchers {
  private final Set<Watcher> watchers = ConcurrentHashMap.newKeySet();

  /// Has the watcher be rung, until it is removed.
  public void add(Watcher watcher) {
    watchers.add(watcher);
  }

  /// Ends what [#add] began.
  public void remove(Watcher watcher) {
    watchers.remove(watcher);
  }

  /// Rings all.
  public void ring(Source source) {
    for (Watcher watcher : watchers) {
      watcher.ring(source);
    }
  }
}

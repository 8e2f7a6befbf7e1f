package io.procession.stress.soak;

import java.io.Serializable;

/// One thing that all processes work at. It is sent to each of them.
interface Station extends Serializable {
  /// Its number in the roster.
  int index();

  String name();

  /// Does one random thing with it, and fails if what must hold does not. It ends by itself as long as
  /// others go on or [#tend] is called.
  void step(Turn turn) throws Exception;

  /// What the process that never dies does for it from time to time, and until all have ended. Does not
  /// block.
  default void tend(Turn turn) throws Exception {}

  /// Called when a process that was killed has ended.
  default void mourn(Roster roster, int process) {}

  /// Fails if what must hold when all have ended does not.
  ///
  /// @param turn of the process that never dies
  /// @param processes how many there have been, with that one
  void verify(Turn turn, int processes) throws Exception;

  /// How often an owner's death was noticed here.
  default int ownerDeaths() {
    return 0;
  }

  /// Frees everything.
  void destroy();
}

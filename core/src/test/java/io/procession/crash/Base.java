package io.procession.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.procession.internal.arena.Directory;
import io.procession.internal.arena.Session;
import io.procession.internal.relay.SessionLog;
import io.procession.testing.Deadlines;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What was in use in the arena at some moment, to come back to.
public record Base(int rows, int cells, int units, int userSets) {
  public static Base now() {
    SessionLog.make(); // a child that warns of something would make it between two moments
    Session session = Session.current();
    return new Base(
        session.participants().inUse(),
        session.directory().inUse(),
        session.units().inUse(),
        session.directory().userSetsInUse());
  }

  /// Waits until no more than that is in use again: less, if what earlier tests have left became
  /// unreachable meanwhile. The dead are buried by others, so it may take a moment.
  public void awaitAgain() {
    await()
        .atMost(Deadlines.LONG)
        .untilAsserted(() ->
            assertThat(now()).as(Base::cellsInUse).matches(this::isNotExceededBy, "as " + this));
  }

  private static String cellsInUse() {
    Directory directory = Session.current().directory();
    return IntStream.range(0, directory.cellsUsed())
        .filter(cell -> directory.isThere(directory.ref(cell)))
        .mapToObj(directory::label)
        .collect(Collectors.joining(", ", "cells in use: ", ""));
  }

  private boolean isNotExceededBy(Base later) {
    return later.rows <= rows
        && later.cells <= cells
        && later.units <= units
        && later.userSets <= userSets;
  }
}

package io.procession.internal.ring;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Directory;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.UserSet;
import io.procession.serial.Handle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The processes that have one end of a pipe.
public final class EndUsers {
  /*
   * An end is open
   *   - in each process that is in its set: who made the pipe, who was started with the end (its
   *     parent puts it in before it exists), who has received it;
   *   - in each message that nobody has taken (InFlight).
   * Nobody comes to have it but from one who has it: before a process lets go, what it hands over
   * has been noted. A sender notes the message before it publishes it, and stays in the set until
   * then; a reader joins before it counts the message as taken. So once nobody and no message has
   * the end, nobody ever will.
   *
   * Set and messages lie at several places, which are looked at one after the other; while that
   * goes on, the end may move on from a place that is still to be looked at to one that has been.
   * But each arrival is counted after it has been noted and before the source is given up. So if
   * the count is the same before and after, whoever had the end all the while was seen.
   */

  private final Session session;
  private final EndRef end;
  private final OpenEnds.Place place;
  private final UserSet set;

  EndUsers(Session session, EndRef end) {
    this.session = session;
    this.end = end;
    this.place = new OpenEnds.Place(session.self(), end);
    this.set = session.directory().userSet(end.pipe().cell(), end.side());
  }

  /// The end that a handle names, or null if it is one of something else.
  static @Nullable EndUsers of(Session session, Handle handle) {
    Directory directory = session.directory();
    var ref = new CellRef(handle.session(), handle.cell(), handle.generation());
    if (!directory.isThere(ref)
        || !directory.is(ref.cell(), CellKind.PIPE)
        || !directory.hasUserSets(ref.cell())) {
      return null;
    }
    return new EndUsers(session, new EndRef(ref, handle.part()));
  }

  /// Lets the handles in a launch record leave, and puts the child into the sets of the ends of pipes
  /// among them, before it exists.
  ///
  /// @throws IllegalStateException if this process has closed one
  public static void start(Session session, List<Handle> handles, int child) {
    for (Handle handle : handles) {
      handle.leave();
      EndUsers users = of(session, handle);
      if (users != null) {
        OpenEnds.send(users.place, () -> users.set.add(child));
      }
    }
  }

  /// As [#start], of a child that takes the place of one that is dead and not buried: that one still is in the
  /// sets, so the ends are open, even if this process has closed them since.
  public static void startInstead(Session session, List<Handle> handles, int dead, int child) {
    for (Handle handle : handles) {
      EndUsers users = of(session, handle);
      if (users != null && users.set.has(dead)) {
        users.set.add(child);
      }
    }
  }

  EndRef end() {
    return end;
  }

  /// The end in this process.
  OpenEnds.Place place() {
    return place;
  }

  UserSet set() {
    return set;
  }

  /// Makes this process, which has just made the pipe, have the end.
  public void openOwn() {
    OpenEnds.openOwn(session, this);
  }

  /// Makes this process, at which a handle of the end has arrived, have it.
  ///
  /// @throws IllegalStateException if the pipe is gone
  public void open(MessageRing pipe) {
    OpenEnds.open(pipe, this);
  }

  /// Notes that this process does not merely hold the end.
  public void use() {
    OpenEnds.use(place);
  }

  /// Ends what [#openOwn] or [#open] began; once for each. If this process does not have the end any
  /// more, tells all who wait, and frees the pipe if it was the last.
  public void close() {
    if (OpenEnds.close(session, this)) {
      left();
    }
  }

  void closeMessage() {
    if (OpenEnds.closeMessage(session, this)) {
      left();
    }
  }

  private void left() {
    session.participants().ringAll();
    freeIfAbandoned(session, end.pipe());
  }

  /// True if, as far as this process can wait for it, nobody has the end any more. It does not wait
  /// for itself: if it has handed the end to others, or got it from others, and has not used it, it
  /// does not count.
  public boolean isAbandoned() {
    int self = session.self();
    while (true) {
      int changes = set.changes();
      if (!set.isOnly(self)
          || (set.has(self) && OpenEnds.counts(place))
          || InFlight.has(session, end)) {
        return false;
      }
      if (changes == set.changes()) {
        return true;
      }
    }
  }

  private boolean isAbandonedByAll() {
    while (true) {
      int changes = set.changes();
      if (!set.isEmpty() || InFlight.has(session, end)) {
        return false;
      }
      if (changes == set.changes()) {
        return true;
      }
    }
  }

  /// Frees a pipe if nobody has either end of it any more.
  public static void freeIfAbandoned(Session session, CellRef pipe) {
    try {
      Directory directory = session.directory();
      if (!directory.isThere(pipe)
          || !directory.is(pipe.cell(), CellKind.PIPE)
          || !directory.hasUserSets(pipe.cell())) {
        return;
      }
      boolean abandoned =
          new EndUsers(session, new EndRef(pipe, EndRef.WRITERS)).isAbandonedByAll()
              && new EndUsers(session, new EndRef(pipe, EndRef.READERS)).isAbandonedByAll();
      if (abandoned) {
        MessageRing forth = MessageRing.attach(session, pipe, CellKind.PIPE);
        destroyBack(forth);
        forth.destroy();
      }
    } catch (IllegalStateException e) {
      // another was faster
    }
  }

  /// The ring by which the pipe is known goes last: who dies before that leaves it to be found.
  private static void destroyBack(MessageRing forth) {
    try {
      MessageRing back = forth.attachBack(CellKind.PIPE);
      if (back != null) {
        back.destroy();
      }
    } catch (IllegalStateException e) {
      // it is gone, by one that is about to free the other, or is dead
    }
  }
}

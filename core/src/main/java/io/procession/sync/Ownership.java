package io.procession.sync;

import io.procession.internal.arena.Attachment;
import io.procession.internal.arena.LockWord;

/// What both kinds of lock say about their owners.
final class Ownership {
  private final Attachment attachment;
  private final LockWord word;
  private final String name;

  Ownership(Attachment attachment, LockWord word, String name) {
    this.attachment = attachment;
    this.word = word;
    this.name = name;
  }

  /// Says what came of asking for the lock: false if it was not to be had in time.
  ///
  /// @throws IllegalStateException if the lock was destroyed
  boolean isTaken(int result) {
    if (result == LockWord.TIMED_OUT) {
      return false;
    }
    if (result == LockWord.GONE) {
      attachment.checkThere();
    }
    if (result != LockWord.ACQUIRED) {
      OwnerDeath.warn(name, attachment.session().participants().describe(result));
    }
    return true;
  }

  /// What is thrown at a thread that gives up a lock that it does not hold.
  ///
  /// @throws IllegalStateException if the lock was destroyed
  IllegalMonitorStateException notHeld() {
    attachment.checkThere();
    return new IllegalMonitorStateException(
        "only the thread that holds a lock may unlock it: lock=" + name + ", " + holder());
  }

  /// For people: `free`, or who holds it.
  String holder() {
    int owner = word.owner();
    return owner == 0
        ? "free"
        : "held by "
            + attachment.session().participants().describe(owner)
            + ", thread "
            + word.ownerThread();
  }

  /// Name and state of the lock, for people.
  String describe() {
    String state = attachment.isUsable() ? holder() : attachment.isThere() ? "closed" : "destroyed";
    return name + ", " + state;
  }
}

package io.procession.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Serializable;
import java.nio.file.Path;

/// Who has put what, and what was taken: kept by the processes themselves, also by those that are
/// killed.
final class Ledger implements Serializable {
  private static final long serialVersionUID = 1L;

  /// Most messages of the first sender, who survives.
  private static final int MANY = 1 << 23;

  private static final int HEADER = 16;

  private final Journal journal;
  private final int senders;
  private final int most;

  Ledger(Path file, int senders) {
    this(file, senders, MANY);
  }

  /// @param most how many messages each sender but the first can send
  Ledger(Path file, int senders, int most) {
    this.senders = senders;
    this.most = most;
    this.journal = new Journal(file, at(senders));
  }

  /// How many may send; their numbers begin at 0.
  int senders() {
    return senders;
  }

  /// True if a sender has sent all that this ledger has room for.
  boolean isFull(int sender) {
    return journal.get(at(sender)) == mostOf(sender);
  }

  /// Notes that a sender is about to put its next message; returns the message's number.
  int begin(int sender) {
    int number = journal.get(at(sender));
    if (number == mostOf(sender)) {
      throw new AssertionError("a test sends too much: sender=" + sender);
    }
    journal.set(at(sender), number + 1);
    return number;
  }

  /// Notes that the message was put.
  void done(int sender, int number) {
    journal.set(at(sender) + 1, number + 1);
  }

  /// Takes back the last [#begin]: the message was refused.
  void refused(int sender) {
    journal.set(at(sender), journal.get(at(sender)) - 1);
  }

  /// Notes that a message was taken.
  void taken(Parcel parcel) {
    journal.increment(at(parcel.sender()) + HEADER + parcel.number());
  }

  /// Notes that a process is at work under a sender's number.
  void working(int sender) {
    journal.set(at(sender) + 2, 1);
  }

  boolean isWorking(int sender) {
    return journal.get(at(sender) + 2) == 1;
  }

  /// Nothing that was put completely is missing, but for what the dead had in their hands; nothing
  /// came twice or from nowhere.
  void verify(int mayBeMissing) {
    int missing = 0;
    for (int sender = 0; sender < senders; sender++) {
      int done = journal.get(at(sender) + 1);
      int begun = journal.get(at(sender));
      for (int number = 0; number < Math.min(begun + 1, mostOf(sender)); number++) {
        int times = journal.get(at(sender) + HEADER + number);
        assertThat(times).as("times taken: %s", new Parcel(sender, number)).isBetween(0, 1);
        if (number < done && times == 0) {
          missing++;
        }
        if (number >= begun) {
          assertThat(times).as("never sent: %s", new Parcel(sender, number)).isZero();
        }
      }
    }
    assertThat(missing).as("messages put and not taken").isLessThanOrEqualTo(mayBeMissing);
  }

  private int mostOf(int sender) {
    return sender == 0 ? MANY : most;
  }

  private int at(int sender) {
    return sender == 0 ? 0 : HEADER + MANY + (sender - 1) * (HEADER + most);
  }
}

package io.procession.internal.remote;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The numbers of stubs that are on their way to other processes, the oldest first: of those of one
/// sender, or of those that senders have left behind who are gone. Guarded by the table of objects.
final class Departures {
  private static final int MOST_OF_SESSION = 1 << 18;
  private static final int MOST_OF_STRANGER = 1 << 14;
  private static final int MOST_OF_DEAD_STRANGERS = 1 << 14;

  private final int most;
  private final Set<Long> numbers = new LinkedHashSet<>();
  private boolean isOver;

  /// @param most how many there may be at a time
  Departures(int most) {
    this.most = most;
  }

  /// Those of a process.
  ///
  /// @param isStranger whether it is behind a network
  static Departures of(boolean isStranger) {
    return new Departures(isStranger ? MOST_OF_STRANGER : MOST_OF_SESSION);
  }

  /// Those of all processes that are gone.
  ///
  /// @param areStrangers whether they were behind a network
  static Departures ofDead(boolean areStrangers) {
    return new Departures(areStrangers ? MOST_OF_DEAD_STRANGERS : MOST_OF_SESSION);
  }

  /// @throws RequestException if it is the sender's no more
  void requireSender() throws RequestException {
    if (isOver) {
      throw new RequestException("the process that sends the proxy is gone");
    }
  }

  void add(long number) {
    numbers.add(number);
  }

  void remove(long number) {
    numbers.remove(number);
  }

  /// The sender is gone: what it has sent is not its own any more.
  ///
  /// @return that
  List<Long> leave() {
    isOver = true;
    List<Long> left = List.copyOf(numbers);
    numbers.clear();
    return left;
  }

  /// The oldest, as many as are too many.
  List<Long> tooMany() {
    int more = numbers.size() - most;
    return more <= 0 ? List.of() : numbers.stream().limit(more).toList();
  }
}

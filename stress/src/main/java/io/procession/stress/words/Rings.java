package io.procession.stress.words;

import io.procession.internal.arena.CellKind;
import io.procession.internal.posix.Until;
import io.procession.internal.ring.MessageRing;
import io.procession.internal.ring.RingLimits;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Rings and messages that show whether they are whole.
public final class Rings {
  private static final RingLimits LIMITS =
      new RingLimits(RingLimits.UNBOUNDED, 1 << 20, RingLimits.AtLimit.WAIT);
  private static final int LENGTH = 64;

  private Rings() {}

  /// Makes a ring of the first process.
  public static MessageRing make() {
    return MessageRing.create(TwoProcesses.FIRST, CellKind.QUEUE, "tried", LIMITS, false);
  }

  /// The same ring as the second process has it.
  public static MessageRing attach(MessageRing ring) {
    return MessageRing.attach(TwoProcesses.SECOND, ring.ref(), CellKind.QUEUE);
  }

  /// As [#make], for those who cannot say when they are done: it is destroyed when some more have been
  /// made.
  public static MessageRing makeForAWhile() {
    MessageRing made = make();
    TwoProcesses.giveBackLater(made::destroy);
    return made;
  }

  /// Puts a message with a number.
  public static void put(MessageRing ring, int number) {
    try {
      MessageRing.Outcome outcome = ring.put(bytes(number), 0, LENGTH, Until.FOREVER);
      if (outcome != MessageRing.Outcome.DONE) {
        throw new AssertionError("there is room: outcome=" + outcome);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// Takes a message and returns its number: 0 if there is none, -1 if it is torn.
  public static int poll(MessageRing ring) {
    return take(ring, Until.NOW);
  }

  /// As [#poll], but waits for a message.
  public static int take(MessageRing ring) {
    return take(ring, Until.FOREVER);
  }

  private static int take(MessageRing ring, long deadline) {
    try {
      return number(ring.take(deadline));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static int number(byte @Nullable [] message) {
    if (message == null) {
      return 0;
    }
    return message.length == LENGTH && Arrays.equals(message, bytes(message[0])) ? message[0] : -1;
  }

  /// How many messages are left.
  public static int rest(MessageRing ring) {
    int rest = 0;
    while (poll(ring) > 0) {
      rest++;
    }
    return rest;
  }

  private static byte[] bytes(int number) {
    byte[] bytes = new byte[LENGTH];
    Arrays.fill(bytes, (byte) number);
    return bytes;
  }
}

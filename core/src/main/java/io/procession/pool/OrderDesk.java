package io.procession.pool;

import io.procession.internal.order.Orders;
import io.procession.internal.ring.MessageRing;
import io.procession.serial.ByteSink;
import io.procession.serial.Codec;

/// Heeds what the pool orders while a worker runs a task. Called by the thread that reads the pool's pipe,
/// which has a small stack and, in a young JVM, nothing loaded.
final class OrderDesk implements Orders.Listener {
  private static final int INITIAL_CAPACITY = 4096;

  private final Turn turn;
  private final MessageRing results;

  /// @param results where answers go
  OrderDesk(Turn turn, MessageRing results) {
    this.turn = turn;
    this.results = results;
  }

  @Override
  public void heed(byte[] order) {
    try {
      if (order[0] == OrderLayout.END) {
        turn.end(OrderLayout.number(order), OrderLayout.part(order));
      } else if (order[0] == OrderLayout.TELL) {
        tell(OrderLayout.number(order), Stacks.now(turn));
      }
    } catch (RuntimeException | Error e) {
      // the pool does without an answer: it waits for none
    }
  }

  private void tell(long question, String text) {
    ByteSink out = new ByteSink(INITIAL_CAPACITY);
    ResultHeader.write(question, ResultHeader.TOLD, false, 0, 1, out);
    Codec.standard().encode(text, out);
    results.append(out);
  }
}

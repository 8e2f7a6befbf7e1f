package io.procession.pool;

import io.procession.internal.order.Orders;
import io.procession.serial.ByteSource;
import io.procession.serial.Codec;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// What a worker was asked and has not answered: what it is about.
final class Questions {
  /// A worker that answers none of so many is stopped, and its pipe is not to be filled with more.
  static final int MOST = 64;

  // guarded by this
  private final Map<Long, CompletableFuture<String>> open = new HashMap<>();
  private long asked;

  private volatile boolean isAny;

  /// Asks. The answer comes to [#told]; an empty one from [#drop], or at once from a worker that has left too
  /// many without.
  CompletableFuture<String> ask(Orders.Addressee worker) {
    CompletableFuture<String> answer = new CompletableFuture<>();
    long number;
    synchronized (this) {
      if (open.size() == MOST) {
        return CompletableFuture.completedFuture("");
      }
      number = ++asked;
      open.put(number, answer);
      isAny = true;
    }
    worker.order(OrderLayout.tell(number));
    return answer;
  }

  /// Whether an answer is to come.
  boolean isAny() {
    return isAny;
  }

  /// An answer has come.
  ///
  /// @param message all of it, its header too
  void told(long number, byte[] message) throws IOException, ClassNotFoundException {
    CompletableFuture<String> answer = take(number);
    int length = message.length - ResultHeader.PAYLOAD_AT;
    ByteSource in = new ByteSource(message, ResultHeader.PAYLOAD_AT, length);
    if (answer != null && Codec.standard().decode(in) instanceof String text) {
      answer.complete(text);
    }
  }

  private synchronized @Nullable CompletableFuture<String> take(long number) {
    CompletableFuture<String> answer = open.remove(number);
    isAny = !open.isEmpty();
    return answer;
  }

  /// No answer will come any more.
  void drop() {
    for (CompletableFuture<String> answer : takeAll()) {
      answer.complete("");
    }
  }

  private synchronized List<CompletableFuture<String>> takeAll() {
    List<CompletableFuture<String>> all = List.copyOf(open.values());
    open.clear();
    isAny = false;
    return all;
  }
}

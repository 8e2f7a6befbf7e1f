package io.procession.manager;

import io.procession.queue.TaskQueue;
import java.util.List;

/// What callers ask of a queue at the server.
interface QueueCalls<E> extends TaskQueue<E> {
  /// Takes what is there now, up to a number, and as much as fits into a reply: one at least, unless
  /// there is none.
  List<E> drain(int most);

  /// Goes over the elements.
  Cursor cursor();
}

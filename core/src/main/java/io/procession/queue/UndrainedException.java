package io.procession.queue;

import java.util.List;

/// Carries the elements that [SharedQueue#drainTo] had taken from the queue and could not hand over,
/// since the collection threw: it is suppressed in what was thrown
/// ([Throwable#getSuppressed]). The elements are not in the queue any more, and nobody else has them.
public final class UndrainedException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  private final transient List<Object> elements;

  UndrainedException(String queue, List<Object> elements) {
    super(
        "elements were taken and could not be handed over: queue="
            + queue
            + ", elements="
            + elements.size()
            + "; they are in elements()");
    this.elements = List.copyOf(elements);
  }

  /// The elements in their order. The first is the one at which the collection threw, unless it
  /// could not be rebuilt in this process.
  ///
  /// @return the elements; none in a copy that was serialized
  public List<Object> elements() {
    return elements == null ? List.of() : elements;
  }
}

package io.procession.manager;

import io.procession.internal.check.Require;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What a caller's filter has said of the elements of a collection at the server: it is asked once for
/// each object, with no lock held, and what it has said is then known of all that are there. Others may
/// change the collection in between: only what they have added is asked about then.
final class Verdicts<E> implements Predicate<E> {
  private final Predicate<? super E> filter;
  private final IdentityHashMap<@Nullable Object, Boolean> known = new IdentityHashMap<>();

  Verdicts(Predicate<? super E> filter) {
    this.filter = Require.notNull("filter", filter);
  }

  /// Asks the filter about elements that it was not asked about.
  void ask(Collection<? extends E> elements) {
    for (E element : elements) {
      if (!isOn(element)) {
        known.put(element, filter.test(element));
      }
    }
  }

  /// Whether it was asked about this one.
  boolean isOn(E element) {
    return known.containsKey(element);
  }

  /// What the filter has said.
  @Override
  public boolean test(E element) {
    return Boolean.TRUE.equals(known.get(element));
  }
}

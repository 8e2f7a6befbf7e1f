package io.procession.manager;

import java.util.Collection;

/// A list of fixed length at the server: what would make it longer or shorter is refused.
final class ServedArray<E> extends ServedList<E> {
  private static final long serialVersionUID = 1L;

  ServedArray(Collection<? extends E> elements) {
    super(elements);
  }

  @Override
  void resize() {
    throw new UnsupportedOperationException("an array has a fixed length: length=" + size());
  }
}

package io.procession.examples.census;

import java.io.Serializable;
import java.util.Comparator;

/// A method and its number of instructions. The larger one comes first; of two of one size, the one
/// whose name comes first, so that the largest does not depend on the order of counting.
///
/// @param method the method as [MethodNames] writes it
/// @param instructions its bytecode instructions
record SizedMethod(String method, int instructions)
    implements Comparable<SizedMethod>, Serializable {

  private static final Comparator<SizedMethod> LARGEST_FIRST =
      Comparator.comparingInt(SizedMethod::instructions)
          .reversed()
          .thenComparing(SizedMethod::method);

  @Override
  public int compareTo(SizedMethod other) {
    return LARGEST_FIRST.compare(this, other);
  }
}

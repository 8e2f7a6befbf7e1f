package io.procession.serial;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A set of objects by identity: the containers met while one value is written.
final class Identities {
  private static final int SMALL = 8;

  private @Nullable Object[] table = new @Nullable Object[SMALL];
  private int size;

  /// Adds an object; false if it was there.
  @SuppressWarnings("ReferenceEquality") // identity is the point
  boolean add(Object object) {
    if (table.length == SMALL) {
      for (int i = 0; i < size; i++) {
        if (table[i] == object) {
          return false;
        }
      }
      if (size < SMALL) {
        table[size++] = object;
        return true;
      }
    }
    if (2 * (size + 1) > table.length) {
      rehash(4 * table.length);
    }
    int at = slot(object);
    if (table[at] != null) {
      return false;
    }
    table[at] = object;
    size++;
    return true;
  }

  @SuppressWarnings("ReferenceEquality") // identity is the point
  private int slot(Object object) {
    int mask = table.length - 1;
    int at = ((System.identityHashCode(object) * 0x9E3779B9) >>> 7) & mask;
    while (table[at] != null && table[at] != object) {
      at = (at + 1) & mask;
    }
    return at;
  }

  private void rehash(int capacity) {
    @Nullable Object[] old = Arrays.copyOf(table, table.length);
    table = new @Nullable Object[capacity];
    for (Object object : old) {
      if (object != null) {
        table[slot(object)] = object;
      }
    }
  }
}

package io.procession.internal.arena;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Names of participants and objects: UTF-8 in a field of fixed size, for people to read.
final class Names {
  private Names() {}

  /// The name's bytes, cut before the character that no longer fits.
  static byte[] encode(String name, int maxBytes) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= maxBytes) {
      return bytes;
    }
    int end = maxBytes;
    while (end > 0 && (bytes[end] & 0xC0) == 0x80) {
      end--;
    }
    return Arrays.copyOf(bytes, end);
  }
}

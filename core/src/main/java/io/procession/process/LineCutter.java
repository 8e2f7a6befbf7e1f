package io.procession.process;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/// Makes lines of bytes. One that is longer than it may be comes in parts, none of which ends within a
/// character of UTF-8.
final class LineCutter {
  static final int MAX_LINE = 1 << 16;

  /// The bytes of a character behind its first, at most.
  private static final int MOST_BEHIND = 3;

  private static final int FIRST_CAPACITY = 256;

  private final Charset charset;
  private final Consumer<String> lines;
  private byte[] line = new byte[FIRST_CAPACITY];
  private int length;

  /// @param lines gets each line, without its end
  LineCutter(Charset charset, Consumer<String> lines) {
    this.charset = charset;
    this.lines = lines;
  }

  void add(byte[] bytes, int count) {
    for (int i = 0; i < count; i++) {
      byte b = bytes[i];
      if (b == '\n') {
        cut();
      } else {
        if (length >= MAX_LINE && (length == MAX_LINE + MOST_BEHIND || isFirst(b))) {
          cut();
        }
        if (length == line.length) {
          line = Arrays.copyOf(line, Math.min(2 * length, MAX_LINE + MOST_BEHIND));
        }
        line[length++] = b;
      }
    }
  }

  /// Whether a character begins with this byte, as far as it tells.
  private boolean isFirst(byte b) {
    return !charset.equals(StandardCharsets.UTF_8) || (b & 0xC0) != 0x80;
  }

  /// There are no more bytes: a last line may have no end.
  void end() {
    if (length > 0) {
      cut();
    }
  }

  private void cut() {
    int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
    String text = new String(line, 0, end, charset);
    length = 0;
    lines.accept(text);
  }
}

package io.procession.pool;

import io.procession.internal.check.Require;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The inputs of a map: they are read in the thread that asks for results.
final class Inputs {
  static final long UNKNOWN = Long.MAX_VALUE;

  /// A slow source is not waited for to fill a chunk whose size was adapted to quick tasks.
  private static final long READ_NANOS = Chunking.TARGET_NANOS;

  private static final int MAX_STRIDE = 16;
  private static final int MOST_SHOWN = 80;
  private static final int FIRST_CAPACITY = 1024;

  /// All of them, if they have been read; else null.
  private final @Nullable Object @Nullable [] read;

  private final Iterator<?> iterator;
  private long left;

  /// What the iterator has thrown after inputs that were handed on.
  private @Nullable RuntimeException failure;

  private Inputs(@Nullable Object[] read) {
    this.read = read;
    this.iterator = Arrays.asList(read).iterator();
    this.left = read.length;
  }

  private Inputs(Iterator<?> iterator, long left) {
    this.read = null;
    this.iterator = iterator;
    this.left = left;
  }

  /// Reads them as they are needed.
  static Inputs of(Iterable<?> inputs) {
    Require.notNull("inputs", inputs);
    long size = inputs instanceof Collection<?> collection ? collection.size() : UNKNOWN;
    return new Inputs(inputs.iterator(), size);
  }

  /// A collection as it is now; others are read as they are needed.
  static Inputs snapshot(Iterable<?> inputs) {
    Require.notNull("inputs", inputs);
    if (inputs instanceof Collection<?> collection) {
      @Nullable Object[] array = collection.toArray();
      return new Inputs(Arrays.copyOf(array, array.length, Object[].class));
    }
    return of(inputs);
  }

  /// All of them, read now.
  Inputs readNow() {
    if (read != null) {
      return this;
    }
    List<@Nullable Object> all = new ArrayList<>();
    iterator.forEachRemaining(all::add);
    return new Inputs(all.toArray());
  }

  /// Arrays with the first of each, with the second of each, and so on to the end of the shortest.
  static Inputs zip(Inputs... all) {
    long least = UNKNOWN;
    for (Inputs inputs : all) {
      least = Math.min(least, inputs.left);
    }
    return new Inputs(new Zip(List.of(all)), least);
  }

  private record Zip(List<Inputs> all) implements Iterator<@Nullable Object[]> {
    @Override
    public boolean hasNext() {
      for (Inputs inputs : all) {
        if (!inputs.iterator.hasNext()) {
          return false;
        }
      }
      return true;
    }

    @Override
    public @Nullable Object[] next() {
      @Nullable Object[] row = new @Nullable Object[all.size()];
      for (int i = 0; i < row.length; i++) {
        row[i] = all.get(i).iterator.next();
      }
      return row;
    }
  }

  /// An input in a message: a short text, whatever its own methods do.
  static String shown(@Nullable Object input) {
    try {
      String text =
          switch (input) {
            case String string -> '"' + head(string) + '"';
            case Object[] row -> Arrays.deepToString(row);
            case null, default -> String.valueOf(input);
          };
      String line = head(text).replaceAll("\\R", " ");
      return line.length() <= MOST_SHOWN ? line : line.substring(0, MOST_SHOWN) + "...";
    } catch (RuntimeException | Error e) {
      return "an object of " + (input == null ? null : input.getClass().getName());
    }
  }

  /// So much of a text that it is too long also when each end of a line, of two characters, has become one.
  private static String head(String text) {
    return text.length() <= 2 * MOST_SHOWN + 2 ? text : text.substring(0, 2 * MOST_SHOWN + 2);
  }

  /// Whether all of them lie here, for as long as their map goes on.
  boolean areKept() {
    return read != null;
  }

  /// Throws what the iterator has thrown, when all before that has been read.
  boolean hasNext() {
    if (failure != null) {
      throw failure;
    }
    return read == null ? iterator.hasNext() : left > 0;
  }

  /// How many are to come, [#UNKNOWN] if that is not known.
  long left() {
    return left;
  }

  /// Reads the next chunk.
  ///
  /// @return at least one input, or none if there is none; those before what the iterator throws, which
  ///     is thrown later
  @Nullable Object[] next(Chunking chunking) {
    int size = chunking.next(left);
    return read == null ? read(size, !chunking.isGiven()) : copy(read, size);
  }

  private @Nullable Object[] copy(@Nullable Object[] all, int size) {
    int from = all.length - (int) left;
    int to = from + (int) Math.min(size, left);
    left = (long) all.length - to;
    return Arrays.copyOfRange(all, from, to);
  }

  private @Nullable Object[] read(int size, boolean isAdapted) {
    @Nullable Object[] chunk = new @Nullable Object[Math.min(size, FIRST_CAPACITY)];
    boolean isTimed = isAdapted && size > 1;
    long since = isTimed ? System.nanoTime() : 0;
    int look = 1;
    int count = 0;
    while (count < size && isThereMore(count)) {
      Object input;
      try {
        input = iterator.next();
      } catch (RuntimeException e) {
        noteFailure(e, count);
        break;
      }
      if (count == chunk.length) {
        chunk = Arrays.copyOf(chunk, Math.min(size, 2 * count));
      }
      chunk[count++] = input;
      if (isTimed && count == look) {
        if (System.nanoTime() - since > READ_NANOS) {
          break;
        }
        look = count + Math.min(count, MAX_STRIDE);
      }
    }
    left = left == UNKNOWN ? UNKNOWN : Math.max(1, left - count); // a hint: some sizes are wrong
    return count == chunk.length ? chunk : Arrays.copyOf(chunk, count);
  }

  private boolean isThereMore(int count) {
    try {
      return iterator.hasNext();
    } catch (RuntimeException e) {
      noteFailure(e, count);
      return false;
    }
  }

  /// @param count of the inputs before, which are handed on first
  private void noteFailure(RuntimeException thrown, int count) {
    if (count == 0) {
      throw thrown;
    }
    failure = thrown;
  }
}

package io.procession.process;

import io.procession.internal.check.Require;
import java.io.NotSerializableException;
import java.io.Serializable;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What becomes of what a process writes to its standard output and its standard error.
///
/// ```java
/// var options = LaunchOptions.defaults()
///     .withOutput(Output.lines(line -> System.out.println("[" + line.process() + "] " + line.text())));
/// ```
///
/// It can be sent to another process of this machine, unless it has a consumer.
public final class Output implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final Output INHERIT = new Output(Kind.INHERIT, null, null);
  private static final Output DISCARD = new Output(Kind.DISCARD, null, null);

  private final Kind kind;
  private final transient @Nullable Path file;
  private final transient @Nullable Consumer<OutputLine> consumer;

  private enum Kind {
    INHERIT,
    DISCARD,
    FILE,
    LINES
  }

  private Output(Kind kind, @Nullable Path file, @Nullable Consumer<OutputLine> consumer) {
    this.kind = kind;
    this.file = file;
    this.consumer = consumer;
  }

  /// It goes where this process's goes.
  ///
  /// @return the default
  public static Output inherit() {
    return INHERIT;
  }

  /// It is thrown away.
  ///
  /// @return the output
  public static Output discard() {
    return DISCARD;
  }

  /// It goes to a file, both in the order in which they were written.
  ///
  /// @param file where; what is in it stays, and the output is appended
  /// @return the output
  public static Output file(Path file) {
    return new Output(Kind.FILE, file.toAbsolutePath(), null);
  }

  /// It is given to a consumer, line by line. Lines of one stream come in their order; a last one
  /// without an end comes, too. One that is longer than 65,536 bytes comes in parts, cut between characters.
  ///
  /// The consumer is called by one thread for each process, in this process, and so by several at a
  /// time if several processes have it. It does not hold its process up: what it has not taken is
  /// kept, up to 10,000 lines, or 8 million characters; of more the oldest are dropped, and a line
  /// says how many. What it throws is logged once, and the next line comes.
  ///
  /// `join` returns when the consumer has been given all that the process wrote, even if it was killed;
  /// but waits no longer than two seconds for a consumer that is slow.
  ///
  /// @param consumer what takes the lines
  /// @return the output
  public static Output lines(Consumer<OutputLine> consumer) {
    return new Output(Kind.LINES, null, Require.notNull("consumer", consumer));
  }

  void redirect(ProcessBuilder builder) {
    Redirect to =
        switch (kind) {
          case INHERIT -> Redirect.INHERIT;
          case DISCARD -> Redirect.DISCARD;
          case FILE -> Redirect.appendTo(Objects.requireNonNull(file).toFile());
          case LINES -> Redirect.PIPE;
        };
    builder.redirectOutput(to);
    if (kind == Kind.FILE) {
      builder.redirectErrorStream(true);
    } else {
      builder.redirectError(to);
    }
  }

  /// Whom the lines are for, null if they are nobody's.
  @Nullable Consumer<OutputLine> consumer() {
    return consumer;
  }

  /// @throws IllegalArgumentException if there can be no such file
  void checkHere() {
    Path parent = file == null ? null : file.getParent();
    if (file != null && (Files.isDirectory(file) || parent == null || !Files.isDirectory(parent))) {
      throw new IllegalArgumentException(
          "output must go to a file in a folder that is there: file="
              + file
              + "; make the folder first");
    }
  }

  /// What is written: paths are not serializable.
  private record Form(Kind kind, @Nullable String file) implements Serializable {
    private Object readResolve() {
      return switch (kind) {
        case INHERIT -> INHERIT;
        case DISCARD -> DISCARD;
        case FILE, LINES -> Output.file(Path.of(Objects.requireNonNull(file)));
      };
    }
  }

  private Object writeReplace() throws NotSerializableException {
    if (kind == Kind.LINES) {
      throw new NotSerializableException(
          "output that is given to a consumer of this process; use a file");
    }
    return new Form(kind, file == null ? null : file.toString());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Output that
        && kind == that.kind
        && Objects.equals(file, that.file)
        && Objects.equals(consumer, that.consumer);
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind, file, consumer);
  }

  /// What becomes of it, in words.
  @Override
  public String toString() {
    return switch (kind) {
      case INHERIT -> "Output[inherit]";
      case DISCARD -> "Output[discard]";
      case FILE -> "Output[file=" + file + "]";
      case LINES -> "Output[lines]";
    };
  }
}

package io.procession.serial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.PrintWriter;
import java.io.Serial;
import java.io.StreamCorruptedException;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StandInExceptionTest {
  private static final Codec CODEC = Codec.standard();

  @SuppressWarnings("serial") // a field that cannot be sent is the point
  static final class Unsendable extends Exception {
    final transient Object nothing = new Object();
    final Object culprit = new Object();

    Unsendable(@Nullable String message) {
      super(message);
    }

    Unsendable(String message, Throwable cause) {
      super(message, cause);
    }
  }

  @SuppressWarnings("serial")
  static final class Hostile extends RuntimeException {
    @Override
    public String getMessage() {
      throw new IllegalStateException("no message for you");
    }

    @Override
    public synchronized Throwable getCause() {
      throw new IllegalStateException("no cause either");
    }

    @Override
    public StackTraceElement[] getStackTrace() {
      throw new StackOverflowError();
    }

    @Serial
    private void writeObject(ObjectOutputStream out) throws IOException {
      throw new AssertionError("nor bytes");
    }
  }

  @SuppressWarnings("serial")
  static final class Unreadable extends Exception {
    Unreadable() {
      super("fine when it left");
    }

    private Object readResolve() {
      throw new IllegalStateException("broken on arrival");
    }
  }

  static Throwable overTheWire(Throwable failure) throws IOException {
    var out = new ByteSink();
    StandInException.encode(failure, CODEC, out);
    var in = new ByteSource(out.array(), 0, out.length());
    Throwable copy = StandInException.decode(CODEC, in);
    assertThat(in.remaining()).isZero();
    return copy;
  }

  static String printed(Throwable failure) {
    var text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  @Test
  void whatCanBeSentIsSent() throws Exception {
    var failure = new IOException("disk", new IllegalStateException("full"));
    failure.addSuppressed(new RuntimeException("also"));
    assertThat(StandInException.sendable(failure, CODEC)).isSameAs(failure);
    Throwable copy = overTheWire(failure);
    assertThat(copy).isExactlyInstanceOf(IOException.class).hasMessage("disk");
    assertThat(printed(copy)).isEqualTo(printed(failure));
  }

  @Test
  void whatCannotIsStoodInForFaithfully() throws Exception {
    var failure = new Unsendable("socket", new IOException("reset", new Unsendable("deep")));
    failure.addSuppressed(new Unsendable(null));
    for (Throwable copy :
        new Throwable[] {StandInException.sendable(failure, CODEC), overTheWire(failure)}) {
      assertThat(copy)
          .isInstanceOf(StandInException.class)
          .hasMessage("socket")
          .hasToString(failure.toString());
      assertThat(((StandInException) copy).originalClassName())
          .isEqualTo(Unsendable.class.getName());
      assertThat(printed(copy)).isEqualTo(printed(failure));
    }
  }

  @Test
  void aSendableCauseStaysItself() throws Exception {
    var failure = new Unsendable("outer", new IllegalArgumentException("inner"));
    assertThat(overTheWire(failure)).hasCauseExactlyInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void circularCausesEnd() throws Exception {
    var failure = new Unsendable("a");
    var other = new Unsendable("b", failure);
    failure.initCause(other);
    failure.addSuppressed(other);
    assertThat(overTheWire(failure)).hasMessage("a").cause().hasMessage("b").hasNoCause();
  }

  @Test
  void hostileMethodsAreContained() throws Exception {
    Throwable copy = overTheWire(new Hostile());
    assertThat(copy)
        .isInstanceOf(StandInException.class)
        .hasMessage("getMessage() threw java.lang.IllegalStateException");
    assertThat(copy.toString()).startsWith(Hostile.class.getName());
  }

  @Test
  void whatCannotBeRebuiltIsStoodInForByTheReceiver() throws Exception {
    Throwable copy = overTheWire(new Unreadable());
    assertThat(copy).isInstanceOf(StandInException.class).hasMessage("fine when it left");
    assertThat(copy.getSuppressed()).singleElement().isInstanceOf(IOException.class);
  }

  @Test
  void manyCausesAreCut() throws Exception {
    Throwable chain = new Unsendable("0");
    for (int i = 1; i < 1000; i++) {
      chain = new Unsendable("" + i, chain);
    }
    int told = 0;
    for (Throwable t = overTheWire(chain); t != null; t = t.getCause()) {
      told++;
    }
    assertThat(told).isEqualTo(100);
  }

  @Test
  void corruptBytesAreSaid() {
    var out = new ByteSink();
    StandInException.encode(new Unsendable("x"), CODEC, out);
    for (int length = 0; length < out.length(); length++) {
      var in = new ByteSource(out.array(), 0, length);
      assertThatThrownBy(() -> StandInException.decode(CODEC, in))
          .isInstanceOf(StreamCorruptedException.class);
    }
  }
}

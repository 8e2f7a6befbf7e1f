package io.procession.serial;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// What exceptions say where they arrive.
class ExceptionsTest {
  private static final Codec CODEC = Codec.standard();
  private static final Map<String, String> EMPTY = Map.of();

  @SuppressWarnings("NullAway") // the point
  private static NullPointerException missing() {
    try {
      return new NullPointerException("not reached: " + EMPTY.get("x").length());
    } catch (NullPointerException e) {
      return e;
    }
  }

  private static Throwable sent(Throwable thrown) throws Exception {
    ByteSink sink = new ByteSink();
    CODEC.encode(thrown, sink);
    return (Throwable) Objects.requireNonNull(CODEC.decode(new ByteSource(sink.toByteArray())));
  }

  @Test
  void whatWasNullIsToldWhereverItIs() throws Exception {
    NullPointerException thrown = missing();
    String told = thrown.getMessage();
    assertThat(told).contains("\"java.util.Map.get(Object)\" is null");
    Throwable arrived = sent(thrown);
    assertThat(arrived).isExactlyInstanceOf(NullPointerException.class).hasMessage(told);
    assertThat(arrived.getStackTrace()).isEqualTo(thrown.getStackTrace());
    assertThat(sent(new IOException("outer", thrown))).cause().hasMessage(told);
    IOException outer = new IOException("outer");
    outer.addSuppressed(thrown);
    assertThat(sent(outer).getSuppressed())
        .singleElement()
        .isInstanceOfSatisfying(NullPointerException.class, e -> assertThat(e).hasMessage(told));
  }

  @Test
  void othersStayAsTheyAre() throws Exception {
    NullPointerException thrown = new NullPointerException("name");
    thrown.initCause(new IOException("why"));
    thrown.addSuppressed(new IllegalStateException("besides"));
    Throwable arrived = sent(thrown);
    assertThat(arrived).hasMessage("name").cause().hasMessage("why");
    assertThat(arrived.getSuppressed()).hasSize(1);
    assertThat(sent(new NullPointerException())).hasMessage(null);
    assertThat(sent(new Own())).isExactlyInstanceOf(Own.class);
  }

  @Test
  void circlesArrive() throws Exception {
    NullPointerException thrown = missing();
    IOException cause = new IOException("why");
    thrown.initCause(cause);
    cause.addSuppressed(thrown);
    Throwable arrived = sent(thrown);
    assertThat(Objects.requireNonNull(arrived.getCause()).getSuppressed()).hasSize(1);
    assertThat(arrived).hasMessage(thrown.getMessage());
  }

  private static final class Own extends NullPointerException {
    private static final long serialVersionUID = 1L;
  }
}

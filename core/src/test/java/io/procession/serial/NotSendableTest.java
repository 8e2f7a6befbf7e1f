package io.procession.serial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serial;
import java.io.Serializable;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@SuppressWarnings("serial") // fields that cannot be written are the point
class NotSendableTest {

  static class Holder implements Serializable {
    final Socket socket = new Socket();
    final transient Object ignored = new Object();
  }

  static final class Derived extends Holder {
    final String more = "more";
  }

  static final class Outer implements Serializable {
    final Object[] things = {"a", new Holder()};
  }

  static final class Refuses implements Serializable {
    @Serial
    private void writeObject(ObjectOutputStream out) throws IOException {
      throw new IllegalStateException("not today");
    }
  }

  static final class Standing implements Serializable {
    @Serial
    private Object writeReplace() {
      return new Holder();
    }
  }

  static final class Chain implements Serializable {
    @Nullable Chain next;
  }

  private static String refusal(@Nullable Object value) {
    var out = new ByteSink();
    out.putInt(1);
    try {
      Codec.standard().encode(value, out);
    } catch (NotSendableException e) {
      assertThat(out.length()).as("nothing is written").isEqualTo(4);
      String message = String.valueOf(e.getMessage());
      assertThat(message).startsWith("not serializable: ");
      return message
          .substring("not serializable: ".length())
          .replace("; open it where it is used", ""); // the sockets' of these tests
    }
    throw new AssertionError("was sendable: " + value);
  }

  private static int here() {
    return StackWalker.getInstance()
        .walk(frames -> frames.skip(1).findFirst().orElseThrow().getLineNumber());
  }

  @Test
  void aCapturedVariableIsNamedWithItsLambda() {
    long first = 1;
    var conn = new Socket();
    int line = here() + 1;
    SerializableCallable<Object> lambda = () -> first + conn.getPort();
    assertThat(refusal(lambda))
        .isEqualTo(
            "captured variable conn (argument 2, java.net.Socket) of the lambda at"
                + " NotSendableTest.java:"
                + line);
  }

  @Test
  void aCapturedThisIsNamed() {
    int line = here() + 1;
    SerializableCallable<Object> lambda = () -> this + "";
    assertThat(refusal(lambda))
        .isEqualTo(
            "captured variable this (argument 1, io.procession.serial.NotSendableTest)"
                + " of the lambda at NotSendableTest.java:"
                + line
                + "; the lambda uses a field or a method of its object: copy the field to a local"
                + " variable first");
  }

  @Test
  void aFieldIsNamedWithItsObject() {
    var h = new Holder();
    int line = here() + 1;
    SerializableCallable<Object> lambda = () -> h.socket;
    assertThat(refusal(lambda))
        .isEqualTo(
            "field socket (java.net.Socket) of io.procession.serial.NotSendableTest$Holder,"
                + " captured variable h (argument 1,"
                + " io.procession.serial.NotSendableTest$Holder) of the lambda at"
                + " NotSendableTest.java:"
                + line);
    assertThat(refusal(new Derived()))
        .isEqualTo(
            "field socket (java.net.Socket) of io.procession.serial.NotSendableTest$Derived");
  }

  @Test
  void elementsKeysAndValuesAreNamed() {
    assertThat(refusal(new Outer()))
        .isEqualTo(
            "field socket (java.net.Socket) of io.procession.serial.NotSendableTest$Holder,"
                + " element 1 (io.procession.serial.NotSendableTest$Holder) of java.lang.Object[],"
                + " field things (java.lang.Object[]) of"
                + " io.procession.serial.NotSendableTest$Outer");
    assertThat(refusal(new ArrayList<>(List.of(1, new Socket()))))
        .isEqualTo("element 1 (java.net.Socket) of java.util.ArrayList");
    assertThat(refusal(Map.of("a", new Socket())))
        .startsWith("value for key \"a\" (java.net.Socket) of java.util.ImmutableCollections");
    assertThat(refusal(new HashMap<>(Map.of(new Socket(), 1))))
        .isEqualTo("key (java.net.Socket) of java.util.HashMap");
    assertThat(refusal(new HashMap<>(Map.of(2, new Socket()))))
        .isEqualTo("value for key 2 (java.net.Socket) of java.util.HashMap");
  }

  @Test
  void theValueItselfIsNamed() {
    assertThat(refusal(new Socket())).isEqualTo("java.net.Socket");
    assertThat(refusal(new Standing()))
        .isEqualTo(
            "field socket (java.net.Socket) of io.procession.serial.NotSendableTest$Holder,"
                + " replacement (io.procession.serial.NotSendableTest$Holder) of"
                + " io.procession.serial.NotSendableTest$Standing");
  }

  @Test
  void aBoundReceiverIsNamedWithItsMethodReference() {
    var conn = new Socket();
    int line = here() + 1;
    SerializableCallable<Object> reference = conn::getPort;
    assertThat(refusal(reference))
        .isEqualTo(
            "argument 1 (java.net.Socket) of the method reference java.net.Socket::getPort at"
                + " NotSendableTest.java:"
                + line);
  }

  @Test
  void aPlainLambdaIsToldWhatToBe() {
    Callable<Integer> plain = () -> 1;
    assertThat(refusal(plain))
        .isEqualTo(
            "a lambda of io.procession.serial.NotSendableTest; its interface"
                + " java.util.concurrent.Callable is not serializable: where it is written, let"
                + " its type be io.procession.serial.SerializableCallable");
    Runnable runnable = () -> {};
    assertThat(refusal(runnable))
        .endsWith("let its type be io.procession.serial.SerializableRunnable");
    IntFunction<Integer> other = x -> x;
    assertThat(refusal(other))
        .endsWith(
            "cast it to (java.util.function.IntFunction & java.io.Serializable) where it is"
                + " written");
    SerializableCallable<Object> outer = () -> plain;
    assertThat(refusal(outer))
        .startsWith("captured variable plain (argument 1, a lambda of ")
        .endsWith("let its type be io.procession.serial.SerializableCallable");
  }

  @Test
  void theRemedyIsNamed() throws Exception {
    assertThatThrownBy(() -> Codec.standard().encode(new Socket(), new ByteSink()))
        .hasMessageEndingWith("java.net.Socket; open it where it is used");
    assertThat(refusal(new Object[] {Path.of("a")}))
        .startsWith("element 0 (")
        .endsWith("Path); send its toString() or toFile()");
    assertThat(refusal(Optional.of(1))).endsWith("; send what is in it, or null");
    assertThat(refusal(ByteBuffer.allocate(1))).endsWith("; send its content as an array");
    assertThat(refusal(Stream.of(1))).endsWith("; send a list of its elements");
    assertThat(refusal(new Thread())).endsWith("; begin it where it is to run");
    assertThat(refusal(new Plain()))
        .endsWith("; let " + Plain.class.getTypeName() + " implement java.io.Serializable");
  }

  static final class Plain {}

  static final class Failure extends RuntimeException {
    final Object detail = new Socket();
  }

  @Test
  void fieldsOfExceptionsAndOfTheirCausesAreNamed() {
    String where = "field detail (java.net.Socket) of io.procession.serial.NotSendableTest$Failure";
    assertThat(refusal(new Failure())).isEqualTo(where);
    assertThat(refusal(new IOException(new Failure())))
        .isEqualTo(
            where
                + ", cause (io.procession.serial.NotSendableTest$Failure) of java.io.IOException");
    var other = new IOException("x");
    other.addSuppressed(new Failure());
    assertThat(refusal(other)).startsWith(where + ", suppressed exception (");
  }

  @Test
  void whatMayNotBeLookedIntoIsNamedByClass() {
    assertThat(refusal(new AtomicReference<>(new Socket())))
        .contains("java.net.Socket")
        .contains("java.util.concurrent.atomic.AtomicReference");
  }

  @Test
  void aRefusalOfTheObjectsOwnIsTold() {
    assertThatThrownBy(() -> Codec.standard().encode(new Refuses(), new ByteSink()))
        .isInstanceOf(NotSendableException.class)
        .hasMessage("not today (in an object of " + Refuses.class.getName() + ")");
    assertThatThrownBy(() -> Copies.bytes(new Refuses()))
        .hasCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void tooDeepANestIsTold() {
    var chain = new Chain();
    for (int i = 0; i < 1_000_000; i++) {
      var next = new Chain();
      next.next = chain;
      chain = next;
    }
    assertThat(refusal(chain)).contains("nested too deep");
  }

  @Test
  void aCulpritBehindALongChainIsFound() {
    List<Object> list = new ArrayList<>(List.of(new Socket()));
    for (int i = 0; i < 300; i++) {
      list = new ArrayList<>(List.of(list));
    }
    assertThat(refusal(list)).startsWith("element 0 (java.net.Socket) of java.util.ArrayList, ");
  }
}

package io.procession.serial;

import static io.procession.serial.Copies.bytes;
import static io.procession.serial.Copies.fastCopy;
import static io.procession.serial.Copies.jdkCopy;
import static io.procession.serial.Copies.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

class LambdasTest {
  private static int runs;

  record Adder(int base) implements Serializable {
    SerializableFunction<Integer, Integer> adder() {
      return x -> x + base;
    }
  }

  static int twice(int x) {
    return 2 * x;
  }

  @Test
  void lambdasOfEveryInterfaceComeBack() throws Exception {
    SerializableRunnable task = () -> runs++;
    int before = runs;
    fastCopy(task).run();
    assertThat(runs).isEqualTo(before + 1);
    SerializableCallable<String> call = () -> "done";
    assertThat(fastCopy(call).call()).isEqualTo("done");
    SerializableFunction<Integer, Integer> square = x -> x * x;
    assertThat(fastCopy(square).apply(7)).isEqualTo(49);
    SerializableBiFunction<Integer, String, String> both = (n, s) -> s.repeat(n);
    assertThat(fastCopy(both).apply(2, "ab")).isEqualTo("abab");
    var seen = new ArrayList<String>();
    SerializableConsumer<List<String>> consumer = list -> list.add("x");
    fastCopy(consumer).accept(seen);
    assertThat(seen).containsExactly("x");
  }

  @Test
  void capturedVariablesTravelAlong() throws Exception {
    boolean z = true;
    byte b = 1;
    short s = 2;
    char c = 'c';
    int i = 3;
    long j = 4;
    float f = 5;
    double d = 6;
    String text = "t";
    var list = new ArrayList<>(List.of(1, 2));
    var adder = new Adder(10);
    SerializableCallable<Object> lambda = () -> List.of(z, b, s, c, i, j, f, d, text, list, adder);
    for (int round = 0; round < 3; round++) {
      assertThat(fastCopy(lambda).call()).isEqualTo(lambda.call());
    }
  }

  @Test
  void methodReferencesConstructorsAndLambdasOfOtherInterfacesComeBack() throws Exception {
    SerializableFunction<Integer, Integer> reference = LambdasTest::twice;
    assertThat(fastCopy(reference).apply(4)).isEqualTo(8);
    SerializableFunction<String, Integer> parse = Integer::parseInt;
    assertThat(fastCopy(parse).apply("12")).isEqualTo(12);
    String bound = "abc";
    SerializableFunction<Integer, String> boundReference = bound::repeat;
    assertThat(fastCopy(boundReference).apply(2)).isEqualTo("abcabc");
    SerializableFunction<Integer, Adder> constructor = Adder::new;
    assertThat(fastCopy(constructor).apply(5)).isEqualTo(new Adder(5));
    assertThat(fastCopy(new Adder(5).adder()).apply(1)).isEqualTo(6);
    var comparator = (Comparator<String> & Serializable) (x, y) -> y.compareTo(x);
    assertThat(fastCopy(comparator).compare("a", "b")).isPositive();
    SerializableCallable<SerializableCallable<String>> outer = () -> () -> bound;
    assertThat(fastCopy(fastCopy(outer).call()).call()).isEqualTo("abc");
  }

  @Test
  void aCopyCanBeSentOn() throws Exception {
    int base = 3;
    SerializableFunction<Integer, Integer> plus = x -> x + base;
    assertThat(fastCopy(fastCopy(fastCopy(plus))).apply(1)).isEqualTo(4);
  }

  @Test
  void aTaskThatCapturesNothingCanBeSentOn() throws Exception {
    SerializableRunnable task = () -> runs++;
    int before = runs;
    SerializableRunnable arrived = fastCopy(task);
    jdkCopy(arrived).run();
    ((SerializableRunnable) Copies.reference(arrived)).run();
    assertThat(runs).isEqualTo(before + 2);
  }

  @Test
  void aCopyCanBeSentOnByJdkSerialization() throws Exception {
    long base = 3;
    double more = 0.5;
    SerializableCallable<String> sum = () -> base + " " + more;
    Object copy = Copies.reference(fastCopy(sum));
    assertThat(((SerializableCallable<?>) copy).call()).isEqualTo("3 0.5");
  }

  @Test
  void ourInterfacesAreImplementedByHandAndOthersByTheJdk() throws Exception {
    SerializableFunction<Integer, Integer> ours = x -> x + 1;
    assertThat(fastCopy(ours).getClass().getInterfaces())
        .containsExactly(SerializableFunction.class);
    assertThat(fastCopy(ours).getClass()).isNotEqualTo(ours.getClass());
    assertThat(fastCopy(ours).getClass().getNestHost()).isEqualTo(LambdasTest.class);
    SerializableFunction<Integer, Integer> reference = LambdasTest::twice;
    assertThat(fastCopy(fastCopy(reference)).apply(1)).isEqualTo(2);
  }

  @Test
  void aLambdaIsNoFrameOfTheTrace() throws Exception {
    SerializableRunnable task =
        () -> {
          throw new IOException("disk");
        };
    SerializableRunnable copy = fastCopy(task);
    assertThatThrownBy(copy::run)
        .satisfies(e -> assertThat(e.getStackTrace()[0].getMethodName()).startsWith("lambda$"))
        .satisfies(e -> assertThat(e.getStackTrace()[1].getClassName()).doesNotContain("$$"));
  }

  @Test
  void aLambdaThatCapturesNothingIsMadeOnce() throws Exception {
    SerializableCallable<String> call = () -> "once";
    byte[] bytes = bytes(call);
    Object first = read(bytes);
    assertThat(Copies.<Object>read(bytes)).isSameAs(first);
  }

  @Test
  void whatItThrowsIsThrown() throws Exception {
    SerializableRunnable task =
        () -> {
          throw new IOException("disk");
        };
    SerializableRunnable copy = fastCopy(task);
    assertThatThrownBy(copy::run).isExactlyInstanceOf(IOException.class).hasMessage("disk");
  }

  @Test
  void aSharedCapturedListIsLeftToTheJdk() throws Exception {
    var shared = new ArrayList<Integer>();
    SerializableCallable<Object> first = () -> shared;
    Object[] copy = jdkCopy(new Object[] {shared, first});
    assertThat(((Callable<?>) copy[1]).call()).isSameAs(copy[0]);
  }

  @Test
  void anUnknownLambdaIsRefused() throws Exception {
    SerializableCallable<String> call = () -> "gone";
    byte[] bytes = bytes(call);
    int name = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("lambda$an");
    bytes[name + "lambda$".length()]++;
    assertThatThrownBy(() -> Copies.<Object>read(bytes))
        .isInstanceOf(InvalidObjectException.class)
        .hasMessageContaining("no such lambda")
        .hasMessageContaining("LambdasTest");
  }
}

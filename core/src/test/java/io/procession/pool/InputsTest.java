package io.procession.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.math.BigInteger;
import javax.management.JMException;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// How an input is named in a message.
class InputsTest {
  private static final int MOST = 80;

  private static void assertShown(@Nullable Object input, String expected) {
    assertThat(Inputs.shown(input)).isEqualTo(expected);
  }

  @Test
  void shortOnesAreShownWhole() {
    assertShown(null, "null");
    assertShown(5, "5");
    assertShown("", "\"\"");
    assertShown("a\r\nb\nc", "\"a b c\"");
    assertShown(new Object[] {1, "b", null}, "[1, b, null]");
    assertShown("x".repeat(MOST - 2), '"' + "x".repeat(MOST - 2) + '"');
  }

  @Test
  void longOnesAreCut() {
    assertShown("x".repeat(MOST), '"' + "x".repeat(MOST - 1) + "...");
    assertShown("\r\n".repeat(MOST - 2), '"' + " ".repeat(MOST - 2) + '"');
    assertShown("\r\n".repeat(MOST), '"' + " ".repeat(MOST - 1) + "...");
    assertShown("\r\n".repeat(10 * MOST), '"' + " ".repeat(MOST - 1) + "...");
    assertShown(new BigInteger("1".repeat(MOST + 1)), "1".repeat(MOST) + "...");
  }

  @Test
  void oneThatCannotBeShownIsNamedByItsClass() {
    Object input =
        new Object() {
          @Override
          public String toString() {
            throw new OutOfMemoryError("of the test");
          }
        };
    assertThat(Inputs.shown(input)).startsWith("an object of " + InputsTest.class.getName());
  }

  @Test
  void hugeTextIsNotCopied() throws Exception {
    String huge = "x".repeat(32 << 20);
    long before = allocated();
    assertThat(Inputs.shown(huge)).hasSize(MOST + 3);
    assertThat(allocated() - before).isLessThan(huge.length() / 2);
  }

  /// The bytes that this thread has allocated; by name, since tests do not read HotSpot's module.
  private static long allocated() throws JMException {
    var threads = new ObjectName(ManagementFactory.THREAD_MXBEAN_NAME);
    return (long)
        ManagementFactory.getPlatformMBeanServer()
            .getAttribute(threads, "CurrentThreadAllocatedBytes");
  }
}

package io.procession.testing;

import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import junit.framework.Test;
import junit.framework.TestCase;
import junit.framework.TestFailure;
import junit.framework.TestResult;
import junit.framework.TestSuite;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;

/// Suites of JUnit 3, as those of Guava's testlib: each of their tests is a test of ours, by its name.
public final class JUnit3Suites {
  private JUnit3Suites() {}

  public static Stream<DynamicNode> nodes(TestSuite suite) {
    return nodes(suite, _ -> true);
  }

  /// The tests of a suite whose names are wanted. Guava's say in brackets of which suite they are.
  public static Stream<DynamicNode> nodes(TestSuite suite, Predicate<String> isWanted) {
    return Collections.list(suite.tests()).stream().flatMap(test -> node(test, isWanted));
  }

  private static Stream<DynamicNode> node(Test test, Predicate<String> isWanted) {
    return switch (test) {
      case TestSuite suite ->
          Stream.of(DynamicContainer.dynamicContainer(suite.getName(), nodes(suite, isWanted)));
      case TestCase single -> {
        String name = String.valueOf(single.getName());
        yield isWanted.test(name)
            ? Stream.of(DynamicTest.dynamicTest(name, () -> run(single)))
            : Stream.empty();
      }
      default -> throw new AssertionError("neither a suite nor a test: " + test);
    };
  }

  private static void run(TestCase test) throws Throwable {
    TestResult result = new TestResult();
    test.run(result);
    for (TestFailure failure :
        Stream.of(Collections.list(result.failures()), Collections.list(result.errors()))
            .flatMap(List::stream)
            .toList()) {
      throw failure.thrownException();
    }
  }
}

package io.procession.queue;

import com.google.common.collect.testing.QueueTestSuiteBuilder;
import com.google.common.collect.testing.TestStringQueueGenerator;
import com.google.common.collect.testing.features.CollectionFeature;
import com.google.common.collect.testing.features.CollectionSize;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import junit.framework.Test;
import junit.framework.TestCase;
import junit.framework.TestFailure;
import junit.framework.TestResult;
import junit.framework.TestSuite;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;

/// Guava's suites for queues: each of their tests is a test of ours, by its name.
final class GuavaSuites {
  private GuavaSuites() {}

  /// The tests of a kind of queue.
  ///
  /// @param maker makes an empty one
  /// @param freer ends one
  static <Q extends BlockingQueue<String>> Stream<DynamicNode> of(
      String name, Supplier<Q> maker, Consumer<Q> freer) {
    List<Q> made = new ArrayList<>();
    var generator =
        new TestStringQueueGenerator() {
          @Override
          protected Queue<String> create(String[] elements) {
            Q queue = maker.get();
            made.add(queue);
            Collections.addAll(queue, elements);
            return queue;
          }
        };
    TestSuite suite =
        QueueTestSuiteBuilder.using(generator)
            .named(name)
            .withFeatures(
                CollectionSize.ANY,
                CollectionFeature.GENERAL_PURPOSE,
                CollectionFeature.ALLOWS_NULL_QUERIES,
                CollectionFeature.KNOWN_ORDER,
                CollectionFeature.SERIALIZABLE)
            .withTearDown(() -> {
              made.forEach(freer);
              made.clear();
            })
            .createTestSuite();
    return nodes(suite);
  }

  private static Stream<DynamicNode> nodes(TestSuite suite) {
    return Collections.list(suite.tests()).stream().map(GuavaSuites::node);
  }

  private static DynamicNode node(Test test) {
    return switch (test) {
      case TestSuite suite -> DynamicContainer.dynamicContainer(suite.getName(), nodes(suite));
      case TestCase single ->
          DynamicTest.dynamicTest(String.valueOf(single.getName()), () -> run(single));
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

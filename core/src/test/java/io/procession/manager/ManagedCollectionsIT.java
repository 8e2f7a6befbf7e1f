package io.procession.manager;

import com.google.common.collect.testing.ConcurrentMapTestSuiteBuilder;
import com.google.common.collect.testing.ListTestSuiteBuilder;
import com.google.common.collect.testing.QueueTestSuiteBuilder;
import com.google.common.collect.testing.SetTestSuiteBuilder;
import com.google.common.collect.testing.TestStringListGenerator;
import com.google.common.collect.testing.TestStringMapGenerator;
import com.google.common.collect.testing.TestStringQueueGenerator;
import com.google.common.collect.testing.TestStringSetGenerator;
import com.google.common.collect.testing.features.CollectionFeature;
import com.google.common.collect.testing.features.CollectionSize;
import com.google.common.collect.testing.features.Feature;
import com.google.common.collect.testing.features.ListFeature;
import com.google.common.collect.testing.features.MapFeature;
import io.procession.testing.JUnit3Suites;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/// The collections of a manager pass Guava's suites for the JDK's interfaces.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ManagedCollectionsIT {
  private static SyncManager manager;
  private static SyncManager far;
  private static FarServer farServer;

  @BeforeAll
  static void start() throws Exception {
    manager = new SyncManager().start();
    farServer = FarServer.start(options -> new SyncManager(allowing(options)));
    far = farServer.client();
  }

  /// With what the suites ask for that cannot be there.
  private static ManagerOptions allowing(ManagerOptions options) {
    try {
      String testing = "com.google.common.collect.testing.";
      return options.withAllowed(
          Class.forName(testing + "WrongType"),
          Class.forName(testing + "testers.MapEntrySetTester$IncomparableType"));
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  @AfterAll
  static void shutDown() {
    far.close();
    farServer.close();
    manager.close();
  }

  @TestFactory
  Stream<DynamicNode> lists() {
    return JUnit3Suites.nodes(
        ListTestSuiteBuilder.using(lists(elements -> manager.list(elements)))
            .named("list")
            .withFeatures(
                CollectionSize.ANY,
                ListFeature.GENERAL_PURPOSE,
                CollectionFeature.ALLOWS_NULL_VALUES,
                CollectionFeature.SERIALIZABLE)
            .createTestSuite(),
        name -> !isSecondWalk(name));
  }

  private static TestStringListGenerator lists(UnaryOperator<List<String>> maker) {
    return new TestStringListGenerator() {
      @Override
      protected List<String> create(String[] elements) {
        return maker.apply(Arrays.asList(elements));
      }
    };
  }

  @TestFactory
  Stream<DynamicNode> arrays() {
    return JUnit3Suites.nodes(
        ListTestSuiteBuilder.using(lists(elements -> manager.array(elements)))
            .named("array")
            .withFeatures(
                CollectionSize.ANY, ListFeature.SUPPORTS_SET, CollectionFeature.ALLOWS_NULL_VALUES)
            .createTestSuite());
  }

  /// All sequences of some steps of an iterator are thousands of lists, each at the server: a list that has been
  /// sent is as much a proxy as the one that was not, and is not walked through that way once more.
  private static boolean isSecondWalk(String test) {
    return test.startsWith("testListIterator_fullyModifiable[") && test.contains("reserialized");
  }

  @TestFactory
  Stream<DynamicNode> sets() {
    return JUnit3Suites.nodes(
        SetTestSuiteBuilder.using(
                new TestStringSetGenerator() {
                  @Override
                  protected Set<String> create(String[] elements) {
                    return manager.set(Arrays.asList(elements));
                  }
                })
            .named("set")
            .withFeatures(
                CollectionSize.ANY,
                CollectionFeature.GENERAL_PURPOSE,
                CollectionFeature.SERIALIZABLE)
            .createTestSuite());
  }

  @TestFactory
  Stream<DynamicNode> maps() {
    return maps("map", manager, List.of(CollectionSize.ANY, CollectionFeature.SERIALIZABLE));
  }

  /// Over a network other ways are taken: functions run here, and long results come in parts.
  @TestFactory
  Stream<DynamicNode> mapsOverTcp() {
    return maps("map over TCP", far, List.of(CollectionSize.SEVERAL));
  }

  private static Stream<DynamicNode> maps(
      String name, SyncManager manager, List<Feature<?>> features) {
    return JUnit3Suites.nodes(
        ConcurrentMapTestSuiteBuilder.using(
                new TestStringMapGenerator() {
                  @Override
                  protected Map<String, String> create(Map.Entry<String, String>[] entries) {
                    Map<String, String> first = new HashMap<>();
                    for (Map.Entry<String, String> entry : entries) {
                      first.put(entry.getKey(), entry.getValue());
                    }
                    return manager.map(first);
                  }
                })
            .named(name)
            .withFeatures(features)
            .withFeatures(MapFeature.GENERAL_PURPOSE, CollectionFeature.SUPPORTS_ITERATOR_REMOVE)
            .createTestSuite());
  }

  @TestFactory
  Stream<DynamicNode> queues() {
    return JUnit3Suites.nodes(
        QueueTestSuiteBuilder.using(
                new TestStringQueueGenerator() {
                  @Override
                  protected Queue<String> create(String[] elements) {
                    Queue<String> queue = manager.queue();
                    queue.addAll(Arrays.asList(elements));
                    return queue;
                  }
                })
            .named("queue")
            .withFeatures(
                CollectionSize.ANY,
                CollectionFeature.GENERAL_PURPOSE,
                CollectionFeature.ALLOWS_NULL_QUERIES,
                CollectionFeature.KNOWN_ORDER,
                CollectionFeature.SERIALIZABLE)
            .createTestSuite());
  }
}

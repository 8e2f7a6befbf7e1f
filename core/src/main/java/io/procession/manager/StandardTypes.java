package io.procession.manager;

import io.procession.internal.remote.ServedType;
import io.procession.pool.TaskResult;
import io.procession.serial.SerializableFunction;
import io.procession.serial.SerializableRunnable;
import io.procession.shared.Struct;
import io.procession.shared.Value;
import io.procession.sync.Barrier;
import io.procession.sync.CountingSemaphore;
import io.procession.sync.Event;
import io.procession.sync.LockCondition;
import io.procession.sync.QueryableLock;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The types that every server has, or every server of a [SyncManager].
@SuppressWarnings("unchecked") // the arguments are what the manager's own methods give
final class StandardTypes {
  static final String ITERATOR = "iterator";
  static final String CURSOR = "cursor";

  static final String LIST = "list";
  static final String MAP = "map";
  static final String SET = "set";
  static final String QUEUE = "queue";
  static final String LOCK = "lock";
  static final String REENTRANT_LOCK = "reentrantLock";
  static final String CONDITION = "condition";
  static final String SEMAPHORE = "semaphore";
  static final String BOUNDED_SEMAPHORE = "boundedSemaphore";
  static final String EVENT = "event";
  static final String BARRIER = "barrier";
  static final String NAMESPACE = "namespace";
  static final String VALUE = "value";
  static final String ARRAY = "array";
  static final String STRUCT = "struct";
  static final String POOL = "pool";
  static final String RESULT = "result";
  static final String RESULTS = "results";

  private StandardTypes() {}

  /// What methods of any type may return.
  static List<ServedType> ofEvery() {
    return List.of(
        new ServedType(
            ITERATOR,
            Cursor.class,
            IteratorProxy.class,
            null,
            iterator -> new ServedCursor((Iterator<?>) iterator),
            null,
            Map.of()),
        type(CURSOR, Cursor.class, null, null));
  }

  static List<ServedType> ofSync() {
    Map<String, String> cursor = Map.of("cursor", CURSOR);
    Map<String, String> condition = Map.of("newCondition", CONDITION);
    return List.of(
        type(LIST, ListCalls.class, ListProxy.class, given -> new ServedList<>(elements(given))),
        new ServedType(
            MAP,
            MapCalls.class,
            MapProxy.class,
            given -> new ServedMap<>((Map<Object, Object>) given.getFirst()),
            null,
            null,
            cursor),
        new ServedType(
            SET,
            SetCalls.class,
            SetProxy.class,
            given -> new ServedSet<>(elements(given)),
            null,
            null,
            cursor),
        new ServedType(
            QUEUE,
            QueueCalls.class,
            QueueProxy.class,
            given -> new ServedQueue<>((int) given.getFirst()),
            null,
            null,
            cursor),
        new ServedType(
            LOCK,
            QueryableLock.class,
            LockProxy.class,
            _ -> new ServedLock(false),
            null,
            null,
            condition),
        new ServedType(
            REENTRANT_LOCK,
            QueryableLock.class,
            LockProxy.class,
            _ -> new ServedLock(true),
            null,
            null,
            condition),
        new ServedType(
            CONDITION,
            LockCondition.class,
            ConditionProxy.class,
            given -> condition(given),
            null,
            null,
            Map.of("lock", REENTRANT_LOCK)),
        type(
            SEMAPHORE,
            CountingSemaphore.class,
            null,
            given -> ServedSemaphore.unbounded((int) given.getFirst())),
        type(
            BOUNDED_SEMAPHORE,
            CountingSemaphore.class,
            null,
            given -> ServedSemaphore.bounded((int) given.getFirst())),
        type(EVENT, Event.class, null, _ -> new ServedEvent()),
        type(
            BARRIER,
            Barrier.class,
            null,
            given ->
                new ServedBarrier((int) given.getFirst(), (SerializableRunnable) given.getLast())),
        type(NAMESPACE, NamespaceCalls.class, NamespaceProxy.class, _ -> new ServedNamespace()),
        type(VALUE, Value.class, null, given -> new ServedValue<>(given.getFirst())),
        type(ARRAY, ListCalls.class, ListProxy.class, given -> new ServedArray<>(elements(given))),
        type(STRUCT, Struct.class, null, given -> new ServedStruct<>((Record) given.getFirst())),
        new ServedType(
            POOL,
            PoolCalls.class,
            PoolProxy.class,
            given -> ServedPool.of(given.getFirst()),
            null,
            null,
            Map.of(
                "applyAsync",
                RESULT,
                "mapAsync",
                RESULT,
                "imap",
                RESULTS,
                "imapUnordered",
                RESULTS)),
        type(RESULTS, ResultCalls.class, ResultsProxy.class, null),
        type(RESULT, TaskResult.class, null, null));
  }

  private static LockCondition condition(List<Object> given) {
    QueryableLock lock = given.isEmpty() ? new ServedLock(true) : (QueryableLock) given.getFirst();
    return lock.newCondition();
  }

  private static Collection<Object> elements(List<Object> given) {
    return (Collection<Object>) given.getFirst();
  }

  private static ServedType type(
      String name,
      Class<?> type,
      @Nullable Class<?> stub,
      @Nullable SerializableFunction<List<Object>, Object> factory) {
    return new ServedType(name, type, stub, factory, null, null, Map.of());
  }
}

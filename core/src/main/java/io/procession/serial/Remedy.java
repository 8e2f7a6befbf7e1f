package io.procession.serial;

import java.lang.ref.Reference;
import java.nio.Buffer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Future;
import java.util.concurrent.Phaser;
import java.util.stream.BaseStream;
import org.jspecify.annotations.Nullable;

/// What to do about an object that cannot be sent, by its class. Each begins with `; `, since it ends a message.
final class Remedy {
  /// For a lambda whose `this` is the culprit or leads to it, at whatever depth.
  static final String FOR_THIS =
      "; the lambda uses a field or a method of its object: copy the field to a local variable"
          + " first";

  /// For a method reference to a method of the object in whose class it is written.
  static final String FOR_RECEIVER =
      "; the method reference takes its object along: let the method be static, or write a lambda"
          + " that uses local variables only";

  private static final String FOR_ANONYMOUS =
      "; an anonymous or local class takes the object around it along: write a lambda that uses"
          + " local variables only, or a static class";

  private static final String IN_THE_JDK = "; send what it is made of, and make another there";

  private Remedy() {}

  static String of(Class<?> type) {
    if (LambdaShape.isLambda(type)) {
      return type.getInterfaces().length == 0 ? "" : forLambda(type);
    }
    if (isOurs(type)) {
      return forOurs(type);
    }
    String known = forKind(type);
    if (known == null && type.getClassLoader() == null) {
      known = forJdk(type);
    }
    if (known != null) {
      return known;
    }
    return type.getClassLoader() == null
        ? IN_THE_JDK
        : "; let " + type.getTypeName() + " implement java.io.Serializable";
  }

  /// For a class whose objects hold the one that they were made in.
  static String forInner(Class<?> inner) {
    if (inner.isAnonymousClass() || inner.isLocalClass()) {
      return FOR_ANONYMOUS;
    }
    return "; an inner class takes the object around it along: let "
        + inner.getTypeName()
        + " be static";
  }

  /// What belongs to one JVM, whoever wrote the class.
  private static @Nullable String forKind(Class<?> type) {
    if (Path.class.isAssignableFrom(type)) {
      return "; send its toString() or toFile()";
    }
    if (BaseStream.class.isAssignableFrom(type)) { // before what is closed
      return "; send a list of its elements";
    }
    if (Thread.class.isAssignableFrom(type)) {
      return "; begin it where it is to run";
    }
    return AutoCloseable.class.isAssignableFrom(type) ? "; open it where it is used" : null;
  }

  private static @Nullable String forJdk(Class<?> type) {
    String views = forCollection(type);
    if (views != null) {
      return views;
    }
    if (type == Optional.class
        || type == OptionalInt.class
        || type == OptionalLong.class
        || type == OptionalDouble.class) {
      return "; send what is in it, or null";
    }
    if (Buffer.class.isAssignableFrom(type)) {
      return "; send its content as an array";
    }
    if (Future.class.isAssignableFrom(type)) {
      return "; send its result, once it is there";
    }
    if (type == CountDownLatch.class) {
      return "; processes share Procession.event(), and Procession.barrier(n) for more than one";
    }
    if (type == CyclicBarrier.class || type == Phaser.class) {
      return "; processes share Procession.barrier(n)";
    }
    if (ThreadLocal.class.isAssignableFrom(type)) {
      return "; Worker.local keeps an object for each worker";
    }
    if (Reference.class.isAssignableFrom(type)) {
      return "; send what it refers to";
    }
    if (type == Object.class) {
      return "; if it is to be locked, processes share Procession.reentrantLock()";
    }
    String name = type.getName();
    return name.startsWith("java.util.logging.") || name.startsWith("sun.util.logging.")
        ? "; get it where it is used"
        : null;
  }

  /// Views of collections are not serializable, though the collections are.
  private static @Nullable String forCollection(Class<?> type) {
    if (Map.Entry.class.isAssignableFrom(type)) {
      return "; send a copy: new AbstractMap.SimpleEntry<>(…)";
    }
    if (type.getSimpleName().contains("EntrySet")) { // its elements are not serializable either
      return "; send a copy of the map: new HashMap<>(…)";
    }
    if (List.class.isAssignableFrom(type)) {
      return "; send a copy: new ArrayList<>(…)";
    }
    if (Set.class.isAssignableFrom(type)) {
      return "; send a copy: new HashSet<>(…)";
    }
    if (Collection.class.isAssignableFrom(type)) {
      return "; send a copy: new ArrayList<>(…)";
    }
    if (Map.class.isAssignableFrom(type)) {
      return "; send a copy: new HashMap<>(…)";
    }
    return Iterator.class.isAssignableFrom(type) || Enumeration.class.isAssignableFrom(type)
        ? "; send a list of its elements"
        : null;
  }

  /// Whether it is a class of the library: others may have a package below its own.
  private static boolean isOurs(Class<?> type) {
    return type.getName().startsWith(Handle.OURS)
        && Objects.equals(
            type.getProtectionDomain().getCodeSource(),
            Remedy.class.getProtectionDomain().getCodeSource());
  }

  /// By their names: their packages are on higher floors.
  private static String forOurs(Class<?> type) {
    for (Class<?> c = type; c != null; c = c.getSuperclass()) {
      String known = forOurs(c.getName());
      if (known != null) {
        return known;
      }
      for (Class<?> kind : c.getInterfaces()) {
        known = forOurs(kind.getName());
        if (known != null) {
          return known;
        }
      }
    }
    return AutoCloseable.class.isAssignableFrom(type)
        ? "; open it where it is used"
        : "; make it where it is used";
  }

  private static @Nullable String forOurs(String type) {
    return switch (type) {
      case "io.procession.connection.AuthKey",
          "io.procession.connection.ConnectionOptions",
          "io.procession.connection.TlsOptions" ->
          "; keys are in no message: let the task make it, of what it is told a private way";
      case "io.procession.connection.Pipe" -> "; send one of its ends, first() or second()";
      case "io.procession.pool.AsyncResult", "io.procession.pool.TaskResult" ->
          "; send its result: join() it first";
      case "io.procession.pool.ResultIterator" -> "; send a list of its elements";
      case "io.procession.pool.ProcessPool" ->
          "; open a pool there, or send one of a manager: Procession.manager().pool(…)";
      case "io.procession.pool.Actor" ->
          "; it is called by the process that opened it: an object of a manager can be called by"
              + " all";
      case "io.procession.manager.BaseManager",
          "io.procession.manager.LocalManager",
          "io.procession.manager.SharedMemoryManager" ->
          "; send what was made by it";
      case "io.procession.manager.BaseProxy" -> "; send the proxy that it is of";
      case "io.procession.context.Context" -> "; call Procession there, which has the same methods";
      case "io.procession.pool.PoolStats",
          "io.procession.pool.TaskEvent",
          "io.procession.pool.WorkerEvent",
          "io.procession.process.OutputLine",
          "io.procession.sync.Deadlock",
          "io.procession.logging.LogEntry" ->
          "; send what is needed of it, or its toString()";
      default -> null;
    };
  }

  /// What to write instead of a lambda whose interface is not serializable.
  private static String forLambda(Class<?> type) {
    String asked = type.getInterfaces()[0].getName();
    String ours =
        switch (asked) {
          case "java.lang.Runnable" -> "io.procession.serial.SerializableRunnable";
          case "java.util.concurrent.Callable", "java.util.function.Supplier" ->
              "io.procession.serial.SerializableCallable";
          case "java.util.function.Function", "java.util.function.UnaryOperator" ->
              "io.procession.serial.SerializableFunction";
          case "java.util.function.BiFunction", "java.util.function.BinaryOperator" ->
              "io.procession.serial.SerializableBiFunction";
          case "java.util.function.Consumer" -> "io.procession.serial.SerializableConsumer";
          default -> null;
        };
    return ours == null
        ? "; its interface "
            + asked
            + " is not serializable: cast it to ("
            + asked
            + " & java.io.Serializable) where it is written"
        : "; its interface "
            + asked
            + " is not serializable: where it is written, let its type be "
            + ours;
  }
}

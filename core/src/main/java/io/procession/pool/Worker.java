package io.procession.pool;

import io.procession.internal.check.Require;
import io.procession.internal.log.LibraryLogger;
import io.procession.internal.posix.LocalProcess;
import io.procession.process.ProcessExit;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What tasks can have of the worker that runs them: values that are expensive to build and that are
/// built once in each worker, not once in each task.
///
/// ```java
/// pool.map(text -> Worker.local(() -> Model.load("de")).classify(text), texts);
/// ```
///
/// In a process that is no worker each value is made once as well, and never closed. Safe for all threads.
public final class Worker {
  private static final Worker OF_JVM = new Worker();

  private final ConcurrentHashMap<Object, Local> locals = new ConcurrentHashMap<>();
  private final List<Object> made = new ArrayList<>(); // guarded by itself; in their order

  private Worker() {}

  private static Worker here() {
    LocalProcess here = LocalProcess.current();
    return here == null ? OF_JVM : here.own(Worker.class, Worker::new);
  }

  /// The value of this place in the program, made by its supplier the first time that this process comes
  /// here: each lambda that is written down has a value of its own, whatever it captures.
  ///
  /// If it is [AutoCloseable], it is closed when the worker leaves in order: at the end of the pool, or
  /// when it makes room for another. Values that were made later are closed earlier. At the end of
  /// the pool all of them together have ten seconds; then the worker is killed.
  ///
  /// @param supplier makes the value; when it throws, so does this, and the next call tries again
  /// @param <T> the type of the value
  /// @return the value
  public static <T> T local(Supplier<? extends T> supplier) {
    return local(supplier.getClass(), supplier);
  }

  /// The value with a key, made by its supplier the first time that this process asks for it; closed as
  /// [#local(Supplier)] says.
  ///
  /// @param key what tells it from other values, such as the name of a model
  /// @param supplier makes the value; when it throws, so does this, and the next call tries again
  /// @param <T> the type of the value, the same for all calls with this key
  /// @return the value
  @SuppressWarnings("unchecked") // by the contract of the method
  public static <T> T local(Object key, Supplier<? extends T> supplier) {
    Require.notNull("supplier", supplier);
    return (T) here().local(key).get(supplier);
  }

  private Local local(Object key) {
    Local known = locals.get(key);
    if (known == null) {
      known = new Local(made);
      Local other = locals.putIfAbsent(key, known);
      known = other == null ? known : other;
    }
    return known;
  }

  /// Closes all values, the youngest first.
  static void closeLocals() {
    here().closeAll();
  }

  private void closeAll() {
    while (true) {
      Object value;
      synchronized (made) {
        if (made.isEmpty()) {
          return;
        }
        value = made.removeLast();
      }
      if (value instanceof AutoCloseable closeable) {
        try {
          closeable.close();
        } catch (ProcessExit e) {
          throw e; // this worker is to stop now
        } catch (Throwable e) { // one that cannot be closed is not the next task's fault
          LibraryLogger.of("io.procession.pool")
              .log(Level.WARNING, "a value of this worker could not be closed", e);
        }
      }
    }
  }

  /// Closes all values, and makes each anew when it is asked for.
  static void forgetLocals() {
    closeLocals();
    here().locals.clear();
  }

  /// A place for a value, whose monitor is held while it is made: suppliers may ask for other values.
  private static final class Local {
    private final List<Object> made;
    private volatile @Nullable Object value;

    /// @param made where values are noted
    Local(List<Object> made) {
      this.made = made;
    }

    Object get(Supplier<?> supplier) {
      Object known = value;
      return known == null ? make(supplier) : known;
    }

    private synchronized Object make(Supplier<?> supplier) {
      Object known = value;
      if (known == null) {
        known = Objects.requireNonNull(supplier.get(), "the supplier's value");
        synchronized (made) {
          made.add(known);
        }
        value = known;
      }
      return known;
    }
  }
}

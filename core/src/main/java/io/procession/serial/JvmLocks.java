package io.procession.serial;

import io.procession.internal.swap.Stead;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.AbstractOwnableSynchronizer;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;

/// Locks of the JDK, which are serializable though nobody means to copy one. Whoever hands one to another
/// process is told; one inside an object of a class that chose to be serializable is that class's affair.
final class JvmLocks {
  private static final String PACKAGE = "java.util.concurrent.locks.";

  private JvmLocks() {}

  /// Refuses a value that is a lock, or hands one along as an argument or a captured variable. Only values that are
  /// left to JDK serialization come here.
  static void refuse(Object value) {
    if (value instanceof Object[]
        || LambdaShape.isLambda(value.getClass())
        || remedy(value) != null) {
      Culprit.refuseLocks(value);
    }
  }

  /// What processes share instead; null for an object that may be sent.
  static @Nullable String remedy(Object object) {
    String instead = instead(object);
    Stead stead = instead == null ? null : Stead.current();
    return stead != null && stead.isFor(object) ? null : instead;
  }

  private static @Nullable String instead(Object object) {
    if (object instanceof Semaphore) {
      return "; processes share Procession.semaphore(n)";
    }
    if (object instanceof ReadWriteLock || object instanceof StampedLock) {
      return "; processes share Procession.reentrantLock(), or an object of a manager";
    }
    if (object instanceof Condition && isOfJdk(object.getClass())) {
      return "; processes share Procession.condition()";
    }
    return object instanceof AbstractOwnableSynchronizer
            || (object instanceof Lock && isOfJdk(object.getClass()))
        ? "; processes share Procession.reentrantLock()"
        : null;
  }

  /// Also of a subclass, whose lock it is.
  private static boolean isOfJdk(Class<?> type) {
    for (Class<?> c = type; c != null; c = c.getSuperclass()) {
      if (c.getName().startsWith(PACKAGE)) {
        return true;
      }
    }
    return false;
  }
}

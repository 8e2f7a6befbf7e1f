package io.procession.serial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.procession.internal.swap.Stead;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;
import org.junit.jupiter.api.Test;

/// A lock of the JDK that somebody hands to another process is refused, as its copy would lock nothing.
class JvmLocksTest {
  private static final String RULE = "a copy of a lock would lock nothing: ";

  /// As some classes of others are.
  static final class Cache implements Serializable {
    private static final long serialVersionUID = 1L;

    final ReentrantLock lock = new ReentrantLock();
    final ArrayList<String> content = new ArrayList<>(List.of("a"));
  }

  static final class Fair extends ReentrantLock {
    private static final long serialVersionUID = 1L;
  }

  private static String refusal(Object value) {
    var out = new ByteSink();
    var thrown =
        assertThatExceptionOfType(NotSendableException.class)
            .isThrownBy(() -> Codec.standard().encode(value, out));
    assertThat(out.length()).as("nothing is written").isZero();
    return String.valueOf(thrown.actual().getMessage());
  }

  @Test
  void capturedLocksAreRefusedWithTheWayToThem() {
    var lock = new ReentrantLock();
    SerializableCallable<Object> lambda = () -> lock.tryLock();
    assertThat(refusal(lambda))
        .startsWith(
            RULE
                + "captured variable lock (argument 1, java.util.concurrent.locks.ReentrantLock) of"
                + " the lambda at JvmLocksTest.java:")
        .endsWith("; processes share Procession.reentrantLock()");
    SerializableCallable<Object> outer = () -> lambda.call();
    assertThat(refusal(outer)).startsWith(RULE + "captured variable lock ").contains("lambda (");
    SerializableCallable<Boolean> reference = lock::tryLock;
    assertThat(refusal(reference)).startsWith(RULE + "argument 1 (").contains("::tryLock at ");
  }

  @Test
  void eachKindHasItsSubstitute() {
    var lock = new ReentrantLock();
    var readWrite = new ReentrantReadWriteLock();
    for (Object each : List.of(lock, new Fair(), readWrite.readLock(), readWrite.writeLock())) {
      assertThat(refusal(each))
          .isEqualTo(
              RULE
                  + each.getClass().getTypeName()
                  + "; processes share Procession.reentrantLock()");
    }
    for (Object each : List.of(readWrite, new StampedLock())) {
      assertThat(refusal(each)).endsWith("reentrantLock(), or an object of a manager");
    }
    assertThat(refusal(lock.newCondition())).endsWith("; processes share Procession.condition()");
    assertThat(refusal(new Semaphore(1))).endsWith("; processes share Procession.semaphore(n)");
  }

  /// As a pool and a manager's proxies hand arguments along.
  @Test
  void locksAmongArgumentsAreRefused() {
    var lock = new ReentrantLock();
    assertThat(refusal(new Object[] {"a", lock})).startsWith(RULE + "element 1 (");
    Object request = new Object[] {"ident", "add", new Object[] {lock}, 1L};
    assertThat(refusal(request)).startsWith(RULE + "element 0 (").contains("element 2 (");
    SerializableCallable<Object> lambda = () -> lock.tryLock();
    assertThat(refusal(new Object[] {"a", new Object[] {lambda}}))
        .startsWith(RULE + "captured variable lock ");
  }

  @Test
  void locksWithinObjectsOfOthersGoAlong() throws Exception {
    Cache copy = Copies.copy(new Cache());
    assertThat(copy.content).containsExactly("a");
    assertThat(copy.lock.isLocked()).isFalse();
    var cache = new Cache();
    SerializableCallable<Object> lambda = () -> cache.content.get(0);
    assertThat(Copies.copy(lambda).call()).isEqualTo("a");
    assertThat(Copies.copy(new ArrayList<>(List.of(new ReentrantLock())))).hasSize(1);
    assertThat(Copies.copy(new AtomicInteger(7))).hasValue(7);
  }

  @Test
  void whatSomethingElseIsWrittenForIsNot() throws Exception {
    Stead names =
        new Stead() {
          @Override
          public boolean isFor(Object object) {
            return object instanceof Lock;
          }

          @Override
          public Object of(Object object) {
            return "a lock of its server";
          }
        };
    Stead before = Stead.heed(names);
    try {
      Object copy = Copies.copy((Object) new ReentrantLock());
      assertThat(copy).isEqualTo("a lock of its server");
    } finally {
      Stead.heed(before);
    }
  }
}

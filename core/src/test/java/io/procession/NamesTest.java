package io.procession;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.procession.connection.Pipe;
import io.procession.queue.BufferedQueue;
import io.procession.queue.JoinableQueue;
import io.procession.queue.PipeQueue;
import io.procession.queue.PosixQueue;
import io.procession.queue.SharedQueue;
import io.procession.queue.SimpleQueue;
import io.procession.sync.BoundedSharedSemaphore;
import io.procession.sync.OwnedSemaphore;
import io.procession.sync.SharedBarrier;
import io.procession.sync.SharedEvent;
import io.procession.sync.SharedLock;
import io.procession.sync.SharedReentrantLock;
import io.procession.sync.SharedSemaphore;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever processes wait for can be given a name when it is made.
class NamesTest {
  @ParameterizedTest
  @ValueSource(
      classes = {
        SharedLock.class,
        SharedReentrantLock.class,
        SharedSemaphore.class,
        BoundedSharedSemaphore.class,
        OwnedSemaphore.class,
        SharedEvent.class,
        SharedBarrier.class,
        SharedQueue.class,
        JoinableQueue.class,
        SimpleQueue.class,
        PipeQueue.class,
        BufferedQueue.class,
        PosixQueue.class,
        Pipe.class
      })
  void aNameCanStandBeforeWhateverIsGiven(Class<?> type) {
    List<String> named = new ArrayList<>();
    List<String> unnamed = new ArrayList<>();
    for (Method method : type.getDeclaredMethods()) {
      if (!Modifier.isStatic(method.getModifiers())
          || !Modifier.isPublic(method.getModifiers())
          || method.getReturnType() != type) {
        continue;
      }
      List<Class<?>> given = List.of(method.getParameterTypes());
      if (!given.isEmpty() && given.getFirst() == String.class) {
        named.add(method.getName() + given.subList(1, given.size()));
      } else {
        unnamed.add(method.getName() + given);
      }
    }
    assertThat(unnamed).isNotEmpty();
    assertThat(named).containsExactlyInAnyOrderElementsOf(unnamed);
  }

  @Test
  @SuppressWarnings("NullAway") // what is refused is tried
  void aNameMustNotBeNull() {
    assertThatNullPointerException()
        .isThrownBy(() -> SimpleQueue.create(null))
        .withMessage("name must not be null");
    assertThatNullPointerException()
        .isThrownBy(() -> PipeQueue.create(null, 1))
        .withMessage("name must not be null");
    assertThatNullPointerException()
        .isThrownBy(() -> Pipe.duplex(null))
        .withMessage("name must not be null");
    assertThatNullPointerException()
        .isThrownBy(() -> BufferedQueue.before(null, SharedQueue.create()))
        .withMessage("name must not be null");
  }
}

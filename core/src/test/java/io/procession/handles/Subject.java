package io.procession.handles;

import static io.procession.handles.Subjects.isFree;
import static io.procession.handles.Subjects.require;

import io.procession.shared.SharedObject;
import io.procession.sync.SharedLock;
import io.procession.sync.SharedReentrantLock;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.function.Function;
import java.util.function.ObjIntConsumer;
import java.util.function.ToIntFunction;

/// A kind of object that is sent, with what shows that two of them are one.
///
/// @param <T> its type
/// @param name what it is
/// @param make makes one
/// @param act does something with it in another process, and may wait there for `isActedOn`
/// @param isActedOn true if the maker's process sees that; asked until it has and `act` has ended
/// @param actAgain goes on in the thread that has acted, with two objects that arrived one after the
///     other: what it does with the one it sees with the other
/// @param isActedOnAgain true if the maker's process sees that
/// @param destroy destroys all that was made
record Subject<T>(
    String name,
    Make<T> make,
    Act<T> act,
    Look<T> isActedOn,
    ActAgain<T> actAgain,
    Look<T> isActedOnAgain,
    Act<T> destroy) {
  private static final int FIRST = 7;
  private static final int SECOND = 8;

  interface Make<T> {
    T make() throws Exception;
  }

  interface Act<T> {
    void on(T object) throws Exception;
  }

  interface Look<T> {
    boolean at(T object) throws Exception;
  }

  interface ActAgain<T> {
    void on(T first, T second) throws Exception;
  }

  /// What has a lock: the other process holds it while the maker's looks without it.
  static <T extends SharedObject> Subject<T> locked(
      String name,
      Make<T> make,
      ObjIntConsumer<T> write,
      Function<T, T> raw,
      ToIntFunction<T> read) {
    return new Subject<>(
        name,
        make,
        it -> {
          it.lock().lock();
          write.accept(it, FIRST);
        },
        it -> read.applyAsInt(raw.apply(it)) == FIRST && !it.lock().tryLock(),
        (first, second) -> {
          write.accept(second, SECOND);
          require(read.applyAsInt(first) == SECOND, "what the second has written");
          second.lock().unlock();
          require(isFree(first.lock()), "the release by the second");
        },
        it -> isFree(it.lock()) && read.applyAsInt(it) == SECOND,
        it -> {
          Lock lock = it.lock();
          it.destroy();
          switch (lock) { // a given one stays
            case SharedLock given -> given.destroy();
            case SharedReentrantLock itsOwn -> itsOwn.destroy();
            default -> throw new AssertionError(lock);
          }
        });
  }

  @Override
  public String toString() {
    return name;
  }

  /// Acts in the process that has received an object.
  void act(Object received) throws Exception {
    act.on(cast(received));
  }

  boolean isActedOn(Object mine) throws Exception {
    return isActedOn.at(cast(mine));
  }

  void actAgain(Object first, Object second) throws Exception {
    require(!first.equals(second) || first instanceof List, "an object of its own");
    actAgain.on(cast(first), cast(second));
  }

  boolean isActedOnAgain(Object mine) throws Exception {
    return isActedOnAgain.at(cast(mine));
  }

  void destroy(Object mine) throws Exception {
    destroy.on(cast(mine));
  }

  @SuppressWarnings("unchecked") // made by this subject, or received of such
  private T cast(Object object) {
    return (T) object;
  }
}

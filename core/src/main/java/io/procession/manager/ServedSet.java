package io.procession.manager;

import java.io.Serializable;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A set at the server. Each method is one step for all threads: what changes several elements does so
/// under the lock for one, all else under the lock for many. Cursors are weakly consistent.
///
/// What asks other objects for their hash code (elements may be sets, too) does so before it has the lock.
/// Whether two are equal is asked with it, and the other may be a set: two that asked each other at a time
/// would wait for ever. So a thread that has a set's lock asks other sets without theirs, and sees of
/// them what is there at that moment.
final class ServedSet<E> extends AbstractSet<E> implements SetCalls<E>, Serializable {
  private static final long serialVersionUID = 1L;

  /// Set in a thread that has the lock of a set.
  private static final ThreadLocal<@Nullable Boolean> HOLDS = new ThreadLocal<>();

  @SuppressWarnings("serial") // the set it is made with is serializable
  private final Set<Element> elements = ConcurrentHashMap.newKeySet();

  private final ReentrantReadWriteLock locks = new ReentrantReadWriteLock();

  /// An element that has been asked for its hash code.
  @SuppressWarnings("serial") // one that is not cannot be sent, and says so
  private record Element(Object object, int hash) implements Serializable {
    static Element of(@Nullable Object object) {
      Objects.requireNonNull(object, "element must not be null: a managed set has no nulls");
      return new Element(object, object.hashCode());
    }

    /// Of a copy of a collection. What has no nulls is asked for some in vain.
    static List<Element> ofAll(Collection<?> objects, boolean isToBeHeld) {
      List<Element> all = new ArrayList<>();
      for (Object object : objects.toArray()) {
        if (object != null || isToBeHeld) {
          all.add(of(object));
        }
      }
      return all;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Element that && hash == that.hash && object.equals(that.object);
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  ServedSet(Collection<? extends E> elements) {
    this.elements.addAll(Element.ofAll(elements, true));
  }

  private static <T extends @Nullable Object> T under(Lock lock, Supplier<T> step) {
    if (HOLDS.get() != null) {
      return step.get();
    }
    lock.lock();
    try {
      HOLDS.set(true);
      return step.get();
    } finally {
      HOLDS.remove();
      lock.unlock();
    }
  }

  /// For what is one step of the set below, too.
  private <T> T amongMany(Supplier<T> step) {
    return under(locks.readLock(), step);
  }

  private <T extends @Nullable Object> T alone(Supplier<T> step) {
    return under(locks.writeLock(), step);
  }

  @SuppressWarnings("unchecked") // nothing else is put in
  private E object(Element element) {
    return (E) element.object;
  }

  private List<E> copy() {
    return alone(() -> {
      List<E> copy = new ArrayList<>(elements.size());
      elements.forEach(element -> copy.add(object(element)));
      return copy;
    });
  }

  @Override
  public boolean add(E object) {
    Element element = Element.of(object);
    return amongMany(() -> elements.add(element));
  }

  @Override
  public boolean remove(@Nullable Object object) {
    Element element = Element.of(object);
    return amongMany(() -> elements.remove(element));
  }

  @Override
  public boolean contains(@Nullable Object object) {
    Element element = Element.of(object);
    return amongMany(() -> elements.contains(element));
  }

  @Override
  public int size() {
    return amongMany(elements::size);
  }

  @Override
  public boolean isEmpty() {
    return size() == 0;
  }

  @Override
  public void clear() {
    var _ =
        alone(() -> {
          elements.clear();
          return true;
        });
  }

  @Override
  public boolean containsAll(Collection<?> objects) {
    List<Element> all = Element.ofAll(objects, false);
    return all.size() == objects.size() && alone(() -> elements.containsAll(all));
  }

  @Override
  public boolean addAll(Collection<? extends E> objects) {
    List<Element> all = Element.ofAll(objects, true);
    return alone(() -> elements.addAll(all));
  }

  @Override
  public boolean removeAll(Collection<?> objects) {
    List<Element> all = Element.ofAll(objects, false);
    return alone(() -> {
      boolean isAny = false;
      for (Element each : all) {
        isAny |= elements.remove(each);
      }
      return isAny;
    });
  }

  @Override
  public boolean retainAll(Collection<?> objects) {
    Set<Element> all = new HashSet<>(Element.ofAll(objects, false));
    return alone(() -> elements.retainAll(all));
  }

  /// The filter may ask anything, or never answer: others use the set meanwhile.
  @Override
  public boolean removeIf(Predicate<? super E> filter) {
    Verdicts<E> verdicts = new Verdicts<>(filter);
    while (true) {
      verdicts.ask(copy());
      Boolean isAny = alone(() -> removeIfKnown(verdicts));
      if (isAny != null) {
        return isAny;
      }
    }
  }

  /// @return null if there is one that the filter was not asked about
  private @Nullable Boolean removeIfKnown(Verdicts<E> verdicts) {
    return elements.stream().allMatch(each -> verdicts.isOn(object(each)))
        ? elements.removeIf(each -> verdicts.test(object(each)))
        : null;
  }

  @Override
  public Object[] toArray() {
    return copy().toArray();
  }

  @Override
  public <T> T[] toArray(T[] target) {
    return copy().toArray(target);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other == this || new HashSet<>(copy()).equals(other);
  }

  @Override
  public int hashCode() {
    return new HashSet<>(copy()).hashCode();
  }

  @Override
  public String toString() {
    return copy().toString();
  }

  /// Goes over what is there now.
  @Override
  public Iterator<E> iterator() {
    return new RemovingIterator<>(this, copy().iterator());
  }

  @Override
  public @Nullable List<Object> few(int most) {
    if (size() > most) {
      return null;
    }
    List<Object> few = new ArrayList<>(copy());
    return few.size() <= most && new Portion().takesAll(few) ? few : null;
  }

  @Override
  public Cursor cursor() {
    Iterator<Element> each = elements.iterator();
    return new ServedCursor(
        new Iterator<Object>() {
          @Override
          public boolean hasNext() {
            return each.hasNext();
          }

          @Override
          public Object next() {
            return each.next().object;
          }
        });
  }
}

package io.procession.shared;

import java.io.ObjectStreamException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/// A list of fixed length and mixed types that processes share: whole numbers, floating numbers,
/// truth values, strings, bytes and null.
///
/// ```java
/// try (var list = ShareableList.of("Thomas", 42, 2.5, true, null)) {
///   list.set(1, 43);
///   System.out.println(list); // [Thomas, 43, 2.5, true, null]
/// }
/// ```
///
/// **It is Python's**, byte for byte: one with a public name can be attached there as
/// `ShareableList(name=...)`, and the other way round. Its rules are Python's, too: an element can
/// be replaced in place, by one of any type; a string or bytes must fit in the room that the
/// element had from the beginning, which is the next multiple of 8 above the length of the first
/// value in UTF-8, and 8 for all that is no string; NULs at the end of strings and bytes are lost.
/// A whole number comes back as `Long`, a floating one as `Double`, whatever it was.
///
/// There is no lock, and to replace an element takes several steps: where several threads or
/// processes change it, let them share a lock. Sending and closing is as with [SharedMemory], on which
/// it lies.
public final class ShareableList extends AbstractList<@Nullable Object>
    implements RandomAccess, Serializable, AutoCloseable {
  private static final long serialVersionUID = 1L;

  private final transient SharedMemory memory;
  private final transient ListLayout layout;

  private ShareableList(SharedMemory memory, ListLayout layout) {
    this.memory = memory;
    this.layout = layout;
  }

  /// Creates a list without a public name.
  ///
  /// @param elements its elements
  /// @return the list
  /// @throws IllegalArgumentException if one of them is of a type that cannot be shared
  public static ShareableList of(@Nullable Object... elements) {
    return create(Arrays.asList(elements));
  }

  /// Creates a list without a public name.
  ///
  /// @param elements its elements
  /// @return the list
  /// @throws IllegalArgumentException if one of them is of a type that cannot be shared
  public static ShareableList create(Collection<? extends @Nullable Object> elements) {
    List<@Nullable Object> values = ListLayout.values(elements);
    ListLayout layout = ListLayout.of(values);
    return filled(SharedMemory.create(layout.size()), layout, values);
  }

  /// Creates a list with a public name, which goes with this session as [SharedMemory] does.
  ///
  /// @param name 1 to 255 bytes, no slash
  /// @param elements its elements
  /// @return the list
  /// @throws IllegalArgumentException if one of them is of a type that cannot be shared, or the name
  ///     cannot be one
  /// @throws UncheckedIOException if the name is taken, or there is no room for it
  public static ShareableList create(String name, Collection<? extends @Nullable Object> elements) {
    List<@Nullable Object> values = ListLayout.values(elements);
    ListLayout layout = ListLayout.of(values);
    return filled(SharedMemory.create(name, layout.size()), layout, values);
  }

  /// Attaches a list that some process, of Java or Python, has created under a name.
  ///
  /// @param name the name
  /// @return the list
  /// @throws UncheckedIOException if there is no memory of that name
  /// @throws IllegalStateException if that is no list
  public static ShareableList attach(String name) {
    SharedMemory memory = SharedMemory.attach(name);
    try {
      return new ShareableList(memory, ListLayout.read(memory.segment()));
    } catch (RuntimeException e) {
      memory.close();
      throw e;
    }
  }

  /// How many elements it has, for ever.
  @Override
  public int size() {
    return layout.length();
  }

  /// Reads an element.
  ///
  /// @return a `Long`, `Double`, `Boolean`, `String` or `byte[]`, or null
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalStateException if the list is closed or destroyed, or what is there is no element
  @Override
  public @Nullable Object get(int index) {
    Objects.checkIndex(index, layout.length());
    return layout.get(memory.segment(), index);
  }

  /// Replaces an element in place.
  ///
  /// @return what it was
  /// @throws IndexOutOfBoundsException if there is no such element
  /// @throws IllegalArgumentException if the new one is of a type that cannot be shared, or is a
  ///     string or bytes and longer than the room there is; nothing is changed then
  /// @throws IllegalStateException if the list is closed or destroyed
  @Override
  public @Nullable Object set(int index, @Nullable Object element) {
    Objects.checkIndex(index, layout.length());
    Object value = ListLayout.value(element);
    layout.checkRoom(index, value);
    MemorySegment segment = memory.segment();
    if (memory.isReadOnly()) {
      throw new UnsupportedOperationException(
          "the list can be read only: memory=" + memory + "; attach it to be written");
    }
    Object old = layout.get(segment, index);
    layout.set(segment, index, value);
    return old;
  }

  /// How often an element is there.
  ///
  /// @param element the element; a whole number of any type is the same as one of another
  /// @return the number
  public int count(@Nullable Object element) {
    int count = 0;
    for (int i = 0; i < size(); i++) {
      if (isSame(element, get(i))) {
        count++;
      }
    }
    return count;
  }

  /// Where an element is first; a whole number of any type is the same as one of another.
  @Override
  public int indexOf(@Nullable Object element) {
    for (int i = 0; i < size(); i++) {
      if (isSame(element, get(i))) {
        return i;
      }
    }
    return -1;
  }

  /// Where an element is last; a whole number of any type is the same as one of another.
  @Override
  public int lastIndexOf(@Nullable Object element) {
    for (int i = size() - 1; i >= 0; i--) {
      if (isSame(element, get(i))) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public boolean contains(@Nullable Object element) {
    return indexOf(element) >= 0;
  }

  /// How the elements are stored, in the notation of Python's `struct`.
  ///
  /// @return one format for each element: `q`, `d`, `xxxxxxx?`, `xxxxxx?x`, or such as `16s`
  public String format() {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < size(); i++) {
      all.append(layout.format(memory.segment(), i));
    }
    return all.toString();
  }

  /// The memory it lies on.
  ///
  /// @return the memory, whose name other processes attach it by
  public SharedMemory memory() {
    return memory;
  }

  /// Ends its use in this process, as [SharedMemory#close].
  @Override
  public void close() {
    memory.close();
  }

  /// Destroys it, as [SharedMemory#unlink].
  ///
  /// @return whether it was this call that did
  public boolean unlink() {
    return memory.unlink();
  }

  private static ShareableList filled(
      SharedMemory memory, ListLayout layout, List<@Nullable Object> values) {
    layout.write(memory.segment(), values);
    return new ShareableList(memory, layout);
  }

  private static boolean isSame(@Nullable Object asked, @Nullable Object there) {
    return ListLayout.isElement(asked) && Objects.deepEquals(ListLayout.value(asked), there);
  }

  private Object writeReplace() {
    return new Form(memory);
  }

  /// What is sent of a list.
  private record Form(SharedMemory memory) implements Serializable {
    private Object readResolve() throws ObjectStreamException {
      return new ShareableList(memory, ListLayout.read(memory.segment()));
    }
  }
}

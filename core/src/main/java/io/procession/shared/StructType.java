package io.procession.shared;

import java.io.Serializable;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.GroupLayout;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.PaddingLayout;
import java.lang.foreign.SequenceLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What a struct consists of, and how the whole of it is read and written.
///
/// @param <T> what the whole is in Java
abstract sealed class StructType<T> permits RecordType, SegmentType {
  private static final long MAX_ALIGNMENT = 64; // more than that no processor asks for

  final StructLayout layout;
  private final ConcurrentHashMap<String, Member> fields = new ConcurrentHashMap<>();

  StructType(StructLayout layout) {
    check(layout);
    if (layout.byteSize() == 0 || layout.byteSize() % layout.byteAlignment() != 0) {
      throw new IllegalArgumentException(
          "a struct's size is a multiple of its alignment, and not 0: add padding; layout="
              + layout);
    }
    this.layout = layout;
  }

  /// A primitive within a struct.
  record Member(ElementType<?> type, long offset) {}

  abstract T read(MemorySegment data, long at);

  abstract void write(MemorySegment data, long at, T value);

  /// What is sent to have the same type elsewhere.
  abstract Serializable form();

  /// What a form becomes where it arrives.
  static StructType<?> of(Serializable form) {
    return form instanceof LayoutForm layout
        ? new SegmentType((StructLayout) layout.toLayout())
        : RecordType.of(((Class<?>) form).asSubclass(Record.class));
  }

  final long size() {
    return layout.byteSize();
  }

  /// How much memory is claimed for some: small blocks are aligned to 16 bytes only.
  final long bytes(long count) {
    long all = Math.multiplyExact(size(), count);
    return layout.byteAlignment() > 16 ? Math.max(all, MAX_ALIGNMENT) : all;
  }

  /// Finds a primitive by its path: `x`, `center.x`, `corners[3].x`.
  final Member field(String path) {
    Member known = fields.get(path);
    if (known == null) {
      known = find(path);
      fields.putIfAbsent(path, known);
    }
    return known;
  }

  private Member find(String path) {
    try {
      // a member of a sequence is selected without an index, and its offset is asked for with one
      if (layout.select(parse(path, false)) instanceof ValueLayout value) {
        return new Member(ElementType.of(value.carrier()), layout.byteOffset(parse(path, true)));
      }
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw noField(path, e);
    }
    throw noField(path, null);
  }

  private IllegalArgumentException noField(String path, @Nullable RuntimeException cause) {
    return new IllegalArgumentException(
        "no such field: field=" + path + ", layout=" + layout + "; take a path of its layout",
        cause);
  }

  private static PathElement[] parse(String path, boolean indexed) {
    List<PathElement> elements = new ArrayList<>();
    for (String part : path.split("\\.", -1)) {
      int bracket = part.indexOf('[');
      elements.add(PathElement.groupElement(bracket < 0 ? part : part.substring(0, bracket)));
      while (bracket >= 0) {
        int end = part.indexOf(']', bracket);
        if (end < 0) {
          throw new IllegalArgumentException(
              "a bracket is open: path=" + path + "; close it with ]");
        }
        long index = Long.parseLong(part.substring(bracket + 1, end));
        elements.add(indexed ? PathElement.sequenceElement(index) : PathElement.sequenceElement());
        bracket = part.indexOf('[', end);
      }
    }
    return elements.toArray(PathElement[]::new);
  }

  /// Makes sure that every primitive is such as all processes of a machine read alike, and at once.
  private static void check(MemoryLayout layout) {
    if (layout.byteAlignment() > MAX_ALIGNMENT) {
      throw refused("is aligned to more than 64 bytes", layout);
    }
    switch (layout) {
      case GroupLayout group -> {
        for (MemoryLayout member : group.memberLayouts()) {
          check(member);
        }
      }
      case SequenceLayout sequence -> check(sequence.elementLayout());
      case AddressLayout address ->
          throw refused("is an address, which means nothing in another process", address);
      case ValueLayout value -> {
        if (!value.order().equals(ByteOrder.nativeOrder())) {
          throw refused("is not in the machine's byte order", value);
        }
        if (value.byteAlignment() < value.byteSize()) {
          throw refused("is not aligned to its size", value);
        }
      }
      case PaddingLayout _ -> {}
    }
  }

  private static IllegalArgumentException refused(String reason, MemoryLayout member) {
    return new IllegalArgumentException(
        "a member of the struct "
            + reason
            + ": member="
            + member
            + "; leave it out, or take another type");
  }
}

package io.procession.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SequenceLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/// Structs of any members: what is written to one field is read from it, and from no other.
class StructLayoutsTest {
  @Property(tries = 300)
  void aFormBecomesTheSameLayout(@ForAll("layouts") StructLayout layout) {
    assertThat(LayoutForm.of(layout).toLayout()).isEqualTo(layout);
  }

  @Property(tries = 200)
  void fieldsDoNotTouchEachOther(@ForAll("layouts") StructLayout layout, @ForAll long seed)
      throws Exception {
    Random random = new Random(seed);
    List<String> paths = new ArrayList<>();
    collect(layout, "", paths);
    try (SharedStruct<MemorySegment> struct = SharedStruct.raw(layout)) {
      SharedStruct<MemorySegment> copy = Sent.copy(struct);
      List<Object> written = new ArrayList<>();
      for (String path : paths) {
        Object value = another(struct.get(path), random);
        struct.set(path, value);
        written.add(value);
      }
      for (int i = 0; i < paths.size(); i++) {
        assertThat(copy.get(paths.get(i))).as(paths.get(i)).isEqualTo(written.get(i));
      }
      struct.destroy();
    }
  }

  @Provide
  Arbitrary<StructLayout> layouts() {
    return Arbitraries.lazyOf(() -> primitives().list().ofMinSize(1).ofMaxSize(6))
        .flatMap(inner ->
            primitives()
                .list()
                .ofMaxSize(6)
                .flatMap(outer ->
                    Arbitraries.longs()
                        .between(1, 4)
                        .map(count -> layout(outer, layout(inner, null, 0), count))));
  }

  private static Arbitrary<MemoryLayout> primitives() {
    return Arbitraries.of(
        ElementType.BOOLEAN.layout,
        ElementType.BYTE.layout,
        ElementType.SHORT.layout,
        ElementType.CHAR.layout,
        ElementType.INT.layout,
        ElementType.LONG.layout,
        ElementType.FLOAT.layout,
        ElementType.DOUBLE.layout);
  }

  private static StructLayout layout(
      List<MemoryLayout> primitives, @Nullable MemoryLayout inner, long count) {
    List<MemoryLayout> members = new ArrayList<>();
    long size = 0;
    long alignment = 1;
    List<MemoryLayout> all = new ArrayList<>(primitives);
    if (inner != null) {
      all.add(MemoryLayout.sequenceLayout(count, inner));
    }
    for (MemoryLayout one : all) {
      size = pad(members, size, one.byteAlignment());
      alignment = Math.max(alignment, one.byteAlignment());
      members.add(one.withName("m" + members.size()));
      size += one.byteSize();
    }
    pad(members, size, alignment);
    return MemoryLayout.structLayout(members.toArray(MemoryLayout[]::new));
  }

  private static long pad(List<MemoryLayout> members, long size, long alignment) {
    long padding = -size & (alignment - 1);
    if (padding > 0) {
      members.add(MemoryLayout.paddingLayout(padding));
    }
    return size + padding;
  }

  private static void collect(StructLayout layout, String prefix, List<String> paths) {
    for (MemoryLayout member : layout.memberLayouts()) {
      String path = prefix + member.name().orElse("");
      if (member instanceof SequenceLayout sequence) {
        for (long i = 0; i < sequence.elementCount(); i++) {
          collect((StructLayout) sequence.elementLayout(), path + "[" + i + "].", paths);
        }
      } else if (member instanceof ValueLayout) {
        paths.add(path);
      }
    }
  }

  private static Object another(Object like, Random random) {
    return switch (like) {
      case Boolean _ -> random.nextBoolean();
      case Byte _ -> (byte) random.nextInt();
      case Short _ -> (short) random.nextInt();
      case Character _ -> (char) random.nextInt();
      case Integer _ -> random.nextInt();
      case Long _ -> random.nextLong();
      case Float _ -> random.nextFloat();
      default -> random.nextDouble();
    };
  }
}

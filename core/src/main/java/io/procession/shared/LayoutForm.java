package io.procession.shared;

import java.io.Serializable;
import java.lang.foreign.GroupLayout;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.PaddingLayout;
import java.lang.foreign.SequenceLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A layout as it is sent.
///
/// @param kind `{` struct, `|` union, `[` sequence, `x` padding, else a letter of ElementType
/// @param name its name, if it has one
/// @param alignment in bytes
/// @param count bytes of padding, or elements of a sequence; else 0
/// @param members of a group, or the one element of a sequence
record LayoutForm(
    char kind, @Nullable String name, long alignment, long count, List<LayoutForm> members)
    implements Serializable {
  static LayoutForm of(MemoryLayout layout) {
    String name = layout.name().orElse(null);
    long alignment = layout.byteAlignment();
    return switch (layout) {
      case GroupLayout group -> {
        char kind = group instanceof StructLayout ? '{' : '|';
        List<LayoutForm> members = group.memberLayouts().stream().map(LayoutForm::of).toList();
        yield new LayoutForm(kind, name, alignment, 0, members);
      }
      case SequenceLayout sequence ->
          new LayoutForm(
              '[', name, alignment, sequence.elementCount(), List.of(of(sequence.elementLayout())));
      case PaddingLayout padding ->
          new LayoutForm('x', name, alignment, padding.byteSize(), List.of());
      case ValueLayout value ->
          new LayoutForm(ElementType.of(value.carrier()).letter, name, alignment, 0, List.of());
    };
  }

  MemoryLayout toLayout() {
    MemoryLayout[] layouts = new MemoryLayout[members.size()];
    for (int i = 0; i < layouts.length; i++) {
      layouts[i] = members.get(i).toLayout();
    }
    MemoryLayout bare =
        switch (kind) {
          case '{' -> MemoryLayout.structLayout(layouts);
          case '|' -> MemoryLayout.unionLayout(layouts);
          case '[' -> MemoryLayout.sequenceLayout(count, layouts[0]);
          case 'x' -> MemoryLayout.paddingLayout(count);
          default -> ElementType.ofLetter(kind).layout;
        };
    MemoryLayout aligned = bare.withByteAlignment(alignment);
    return name == null ? aligned : aligned.withName(name);
  }
}

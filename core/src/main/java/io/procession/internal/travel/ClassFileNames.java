package io.procession.internal.travel;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.util.LinkedHashSet;
import java.util.Set;

/// The classes that a class file names: in its code, in the types of fields and methods, in generic
/// signatures and annotations. Rather too many than too few: text that looks like a type is taken
/// for one, and what turns out to be no class is no loss.
final class ClassFileNames {
  private ClassFileNames() {}

  /// The class that a file defines, as `a.b.C`.
  ///
  /// @throws IllegalArgumentException if it is no class file
  static String self(byte[] file) {
    return dotted(ClassFile.of().parse(file).thisClass().asInternalName());
  }

  /// The names of all others in it, as `a.b.C`, without those of `java.*`.
  ///
  /// @throws IllegalArgumentException if it is no class file
  static Set<String> others(byte[] file) {
    Set<String> names = new LinkedHashSet<>();
    ClassModel model = ClassFile.of().parse(file);
    for (PoolEntry entry : model.constantPool()) {
      switch (entry) {
        case ClassEntry type -> addType(type.asInternalName(), names);
        case Utf8Entry text -> addAll(text.stringValue(), names);
        default -> {}
      }
    }
    names.remove(dotted(model.thisClass().asInternalName()));
    return names;
  }

  private static void addType(String internal, Set<String> names) {
    if (internal.startsWith("[")) {
      addAll(internal, names);
    } else {
      add(internal, names);
    }
  }

  /// Types in a descriptor or signature: each an `L`, a name, and `;` or `<`.
  private static void addAll(String text, Set<String> names) {
    if (text.isEmpty() || "(L[<".indexOf(text.charAt(0)) < 0) {
      return;
    }
    int at = text.indexOf('L');
    while (at >= 0) {
      int end = at + 1;
      while (end < text.length() && ";<(.".indexOf(text.charAt(end)) < 0) {
        end++;
      }
      if (end < text.length() && ";<".indexOf(text.charAt(end)) >= 0 && end > at + 1) {
        add(text.substring(at + 1, end), names);
        at = text.indexOf('L', end);
      } else {
        at = text.indexOf('L', at + 1);
      }
    }
  }

  private static void add(String internal, Set<String> names) {
    if (!internal.startsWith("java/")) {
      names.add(dotted(internal));
    }
  }

  private static String dotted(String internal) {
    return internal.replace('/', '.');
  }
}

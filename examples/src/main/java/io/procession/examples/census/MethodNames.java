package io.procession.examples.census;

import java.lang.constant.MethodTypeDesc;

/// Methods as text: in full, `java/lang/String.length()I`, to count by, and short, to read.
final class MethodNames {
  private MethodNames() {}

  static String full(String owner, String name, String descriptor) {
    return owner + "." + name + descriptor;
  }

  /// `java.lang.String.length()`, parameter types without their packages.
  static String readable(String full) {
    int parameters = full.indexOf('(');
    String display = MethodTypeDesc.ofDescriptor(full.substring(parameters)).displayDescriptor();
    return full.substring(0, parameters).replace('/', '.')
        + display.substring(0, display.indexOf(')') + 1);
  }
}

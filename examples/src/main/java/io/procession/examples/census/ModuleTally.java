package io.procession.examples.census;

import java.io.Serializable;

/// What was counted in one module, or in several together.
///
/// @param classes class files, `module-info` among them
/// @param methods methods, with or without code
/// @param instructions bytecode instructions of all methods
/// @param findings errors that the verifier reported
record ModuleTally(long classes, long methods, long instructions, long findings)
    implements Serializable {

  static final ModuleTally NOTHING = new ModuleTally(0, 0, 0, 0);

  ModuleTally plus(ModuleTally other) {
    return new ModuleTally(
        classes + other.classes,
        methods + other.methods,
        instructions + other.instructions,
        findings + other.findings);
  }
}

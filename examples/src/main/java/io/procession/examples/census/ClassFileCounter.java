package io.procession.examples.census;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.instruction.InvokeInstruction;
import java.util.concurrent.ConcurrentHashMap;

/// Counts and verifies class files, one at a time. The verifier looks classes up in the JDK's image:
/// its default, the class loader of this JVM, does not find modules that nothing required, so that
/// findings would depend on how the JVM was started.
final class ClassFileCounter {
  private final ClassFile classFile =
      ClassFile.of(
          ClassFile.ClassHierarchyResolverOption.of(
              ClassHierarchyResolver.ofResourceParsing(JdkImage::open)
                  .cached(ConcurrentHashMap::new)));

  /// Adds what is in one class file.
  ///
  /// @throws IllegalArgumentException if the bytes are no class file that this JDK can read
  void count(String module, byte[] bytes, TallyBuilder tally) {
    ClassModel model = classFile.parse(bytes);
    int[] calls = new int[model.constantPool().size()];
    long instructions = 0;
    for (MethodModel method : model.methods()) {
      CodeModel code = method.code().orElse(null);
      if (code != null) {
        int size = countCode(code, calls);
        instructions += size;
        tally.addMethod(new SizedMethod(name(model, method), size));
      }
    }
    addCalls(model, calls, tally);
    int findings = classFile.verify(model).size();
    tally.addModule(module, new ModuleTally(1, model.methods().size(), instructions, findings));
  }

  /// Counts the instructions, and the calls by the constant pool's index of the method called.
  private static int countCode(CodeModel code, int[] calls) {
    int instructions = 0;
    for (CodeElement element : code) {
      if (element instanceof Instruction) {
        instructions++;
        if (element instanceof InvokeInstruction invoke) {
          calls[invoke.method().index()]++;
        }
      }
    }
    return instructions;
  }

  private static void addCalls(ClassModel model, int[] calls, TallyBuilder tally) {
    for (int index = 0; index < calls.length; index++) {
      if (calls[index] > 0) {
        var method = model.constantPool().entryByIndex(index, MemberRefEntry.class);
        String name =
            MethodNames.full(
                method.owner().asInternalName(),
                method.name().stringValue(),
                method.type().stringValue());
        tally.addCalls(name, calls[index]);
      }
    }
  }

  private static String name(ClassModel model, MethodModel method) {
    return MethodNames.full(
        model.thisClass().asInternalName(),
        method.methodName().stringValue(),
        method.methodType().stringValue());
  }
}

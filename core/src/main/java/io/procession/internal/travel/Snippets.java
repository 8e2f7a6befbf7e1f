package io.procession.internal.travel;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The variables of JShell that the lambdas of a snippet use.
///
/// JShell makes a class of each snippet, and a variable is a static field of its class: a lambda does
/// not capture it. What a snippet's serializable lambdas use is found from the one method that names
/// them all, through the methods of other snippets that they call.
final class Snippets {
  private static final String PACKAGE = "REPL/";
  private static final String VARIABLES = PACKAGE + "$JShell$";
  private static final String LAMBDAS = "$deserializeLambda$";
  private static final String CONSTRUCTOR = "<init>";

  /// A method of a snippet's; all of its class if there is no name.
  private record Called(String owner, @Nullable String name) {}

  private record Variable(String owner, String name) {}

  private final ClassLoader loader;
  private final Map<String, @Nullable ClassModel> files = new HashMap<>();
  private final Set<Called> met = new LinkedHashSet<>();
  private final ArrayDeque<Called> open = new ArrayDeque<>();
  private final Set<Variable> used = new LinkedHashSet<>();

  private Snippets(ClassLoader loader) {
    this.loader = loader;
  }

  /// Whether JShell made a class, and may define its methods anew.
  static boolean isOfSnippet(Class<?> type) {
    return type.getName().startsWith("REPL.");
  }

  /// The fields that are the variables, which can be read and written.
  ///
  /// @param snippet the class of a snippet
  static Field[] variables(Class<?> snippet, ClassLoader loader) {
    Snippets snippets = new Snippets(loader);
    snippets.call(snippet.getName().replace('.', '/'), LAMBDAS);
    while (!snippets.open.isEmpty()) {
      snippets.follow(snippets.open.remove());
    }
    List<Field> fields = new ArrayList<>();
    for (Variable variable : snippets.used) {
      Field field = snippets.field(variable);
      if (field != null) {
        fields.add(field);
      }
    }
    return fields.toArray(new Field[0]);
  }

  private void call(String owner, String name) {
    // of an object that is made here, any method may be called later
    Called called = new Called(owner, name.equals(CONSTRUCTOR) ? null : name);
    if (owner.startsWith(PACKAGE) && met.add(called)) {
      open.add(called);
    }
  }

  private void follow(Called called) {
    ClassModel file = files.computeIfAbsent(called.owner, this::file);
    if (file == null) {
      return;
    }
    for (MethodModel method : file.methods()) {
      if (called.name == null || method.methodName().equalsString(called.name)) {
        method.code().ifPresent(code -> code.forEach(this::see));
      }
    }
  }

  private void see(CodeElement element) {
    switch (element) {
      case FieldInstruction read when read.opcode() == Opcode.GETSTATIC -> {
        String owner = read.owner().asInternalName();
        if (owner.startsWith(VARIABLES)) {
          used.add(new Variable(owner, read.name().stringValue()));
        }
      }
      case InvokeInstruction invoke ->
          call(invoke.owner().asInternalName(), invoke.name().stringValue());
      case InvokeDynamicInstruction dynamic -> {
        for (ConstantDesc argument : dynamic.bootstrapArgs()) {
          if (argument instanceof DirectMethodHandleDesc method) {
            String owner = method.owner().descriptorString();
            call(owner.substring(1, owner.length() - 1), method.methodName());
          }
        }
      }
      default -> {}
    }
  }

  private @Nullable ClassModel file(String owner) {
    try (InputStream in = loader.getResourceAsStream(owner.concat(".class"))) {
      return in == null ? null : ClassFile.of().parse(in.readAllBytes());
    } catch (IOException | IllegalArgumentException e) {
      return null;
    }
  }

  private @Nullable Field field(Variable variable) {
    try {
      Class<?> owner = Class.forName(variable.owner.replace('/', '.'), false, loader);
      Field field = owner.getDeclaredField(variable.name);
      field.setAccessible(true);
      return Modifier.isFinal(field.getModifiers()) ? null : field;
    } catch (ReflectiveOperationException | LinkageError e) {
      return null;
    }
  }
}

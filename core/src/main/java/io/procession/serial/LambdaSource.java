package io.procession.serial;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.attribute.LineNumberInfo;
import java.lang.classfile.attribute.LineNumberTableAttribute;
import java.lang.classfile.attribute.LocalVariableInfo;
import java.lang.classfile.attribute.LocalVariableTableAttribute;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.LineNumber;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.SerializedLambda;
import org.jspecify.annotations.Nullable;

/// Where a lambda was written and what its captured variables are called, as far as the debug
/// information in the class file says so.
final class LambdaSource {
  private final SerializedLambda form;
  private final @Nullable ClassModel file;
  private final @Nullable CodeAttribute body;

  private LambdaSource(SerializedLambda form, @Nullable ClassModel file) {
    this.form = form;
    this.file = file;
    this.body = file != null && isLambda(form) ? findBody(form, file) : null;
  }

  static LambdaSource of(SerializedLambda form, @Nullable ClassLoader loader) {
    String resource = form.getCapturingClass() + ".class";
    try (InputStream in =
        loader == null
            ? ClassLoader.getSystemResourceAsStream(resource)
            : loader.getResourceAsStream(resource)) {
      return new LambdaSource(form, in == null ? null : ClassFile.of().parse(in.readAllBytes()));
    } catch (IOException | IllegalArgumentException e) {
      return new LambdaSource(form, null);
    }
  }

  private static boolean isLambda(SerializedLambda form) {
    return form.getImplMethodName().startsWith("lambda$")
        && form.getImplClass().equals(form.getCapturingClass());
  }

  /// Whether a captured variable is the `this` of the lambda.
  static boolean isThis(SerializedLambda form, int index) {
    return isLambda(form)
        && index == 0
        && form.getImplMethodKind() != MethodHandleInfo.REF_invokeStatic;
  }

  /// Whether it is what a method reference calls, in whose class it is written.
  static boolean isReceiver(SerializedLambda form, int index, Class<?> type) {
    if (isLambda(form) || index != 0) {
      return false;
    }
    String written = form.getCapturingClass().replace('/', '.');
    for (Class<?> c = type; c != null; c = c.getSuperclass()) {
      if (c.getName().equals(written)) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable CodeAttribute findBody(SerializedLambda form, ClassModel file) {
    for (MethodModel method : file.methods()) {
      if (method.methodName().equalsString(form.getImplMethodName())
          && method.methodType().equalsString(form.getImplMethodSignature())) {
        return method.findAttribute(Attributes.code()).orElse(null);
      }
    }
    return null;
  }

  /// Tells a captured variable and its lambda: `captured variable conn (argument 2,
  /// java.net.Socket) of the lambda at Main.java:14`.
  ///
  /// @param index the captured variable, from 0
  String describe(int index, String type) {
    int number = index + 1;
    String name = isLambda(form) ? variable(index) : null;
    String what =
        name == null
            ? "argument " + number + " (" + type + ")"
            : "captured variable " + name + " (argument " + number + ", " + type + ")";
    return what + " of the " + (isLambda(form) ? "lambda" : reference()) + " " + place();
  }

  private String reference() {
    String owner = form.getImplClass().replace('/', '.');
    boolean creates = form.getImplMethodKind() == MethodHandleInfo.REF_newInvokeSpecial;
    return "method reference " + owner + "::" + (creates ? "new" : form.getImplMethodName());
  }

  private String place() {
    String owner = form.getCapturingClass().replace('/', '.');
    int line = isLambda(form) ? firstLine() : referenceLine();
    if (line <= 0 || file == null) {
      return "in " + owner;
    }
    String source =
        file.findAttribute(Attributes.sourceFile())
            .map(attribute -> attribute.sourceFile().stringValue())
            .orElse(owner);
    return "at " + source + ":" + line;
  }

  private @Nullable String variable(int index) {
    boolean isStatic = form.getImplMethodKind() == MethodHandleInfo.REF_invokeStatic;
    if (isThis(form, index)) {
      return "this";
    }
    var parameters = MethodTypeDesc.ofDescriptor(form.getImplMethodSignature());
    int slot = isStatic ? 0 : 1;
    int before = isStatic ? index : index - 1;
    for (int i = 0; i < before; i++) {
      String descriptor = parameters.parameterType(i).descriptorString();
      slot += descriptor.equals("J") || descriptor.equals("D") ? 2 : 1;
    }
    if (body == null) {
      return null;
    }
    LocalVariableTableAttribute table =
        body.findAttribute(Attributes.localVariableTable()).orElse(null);
    if (table != null) {
      for (LocalVariableInfo variable : table.localVariables()) {
        if (variable.slot() == slot && variable.startPc() == 0) {
          return variable.name().stringValue();
        }
      }
    }
    return null;
  }

  private int firstLine() {
    LineNumberTableAttribute table =
        body == null ? null : body.findAttribute(Attributes.lineNumberTable()).orElse(null);
    int first = 0;
    if (table != null) {
      for (LineNumberInfo line : table.lineNumbers()) {
        first = first == 0 ? line.lineNumber() : Math.min(first, line.lineNumber());
      }
    }
    return first;
  }

  /// The line of the instruction that makes the method reference.
  private int referenceLine() {
    if (file == null) {
      return 0;
    }
    for (MethodModel method : file.methods()) {
      CodeModel code = method.code().orElse(null);
      if (code == null || method.methodName().equalsString("$deserializeLambda$")) {
        continue;
      }
      int line = 0;
      for (CodeElement element : code) {
        if (element instanceof LineNumber number) {
          line = number.line();
        } else if (element instanceof InvokeDynamicInstruction indy && makesIt(indy)) {
          return line;
        }
      }
    }
    return 0;
  }

  private boolean makesIt(InvokeDynamicInstruction indy) {
    for (ConstantDesc argument : indy.bootstrapArgs()) {
      if (argument instanceof DirectMethodHandleDesc target) {
        return target.methodName().equals(form.getImplMethodName())
            && target.lookupDescriptor().equals(form.getImplMethodSignature())
            && target.owner().descriptorString().equals("L" + form.getImplClass() + ";");
      }
    }
    return false;
  }
}

package io.procession.serial;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/*
 * Makes the class of a lambda of one of our functional interfaces, as the JDK's LambdaMetafactory
 * does, but written by hand: the first lambda of a young JVM costs the JDK some ten milliseconds
 * for starting its own machinery, and a worker's first task is such a lambda.
 *
 *     final synthetic class Main$$Lambda implements SerializableFunction {   // hidden, a nestmate
 *       private final int f0;                                                // captured variables
 *       private final String f1;
 *       Main$$Lambda(Object[] captured) { f0 = (Integer) captured[0]; ... }
 *       public Object apply(Object a) { return Main.lambda$main$1(f0, f1, (Integer) a); }
 *       private Object writeReplace() { return new SerializedLambda(..., new Object[] {f0, f1}); }
 *     }
 *
 * Only bodies of lambdas are taken, that is synthetic methods named lambda$ of the very class that
 * captures, so bytes from elsewhere cannot reach a method that is no lambda's. What does not fit
 * goes the JDK's way.
 */
final class LambdaSpinner {
  private static final String OBJECT = "java/lang/Object";
  private static final String STRING = "Ljava/lang/String;";
  private static final String STRINGS = STRING + STRING + STRING;
  private static final String SERIALIZED = "java/lang/invoke/SerializedLambda";
  private static final String SERIALIZED_INIT =
      "(Ljava/lang/Class;" + STRINGS + "I" + STRINGS + STRING + "[Ljava/lang/Object;)V";
  private static final int SUPER = 0x0020;
  private static final int SYNTHETIC = 0x1000;
  private static final MethodType FACTORY = MethodType.methodType(Object.class, Object[].class);

  private final LambdaSite site;
  private final String self;
  private final ClassBytes out = new ClassBytes();
  private final List<String> captured = new ArrayList<>();
  private final List<String> parameters = new ArrayList<>();

  private LambdaSpinner(LambdaSite site) {
    this.site = site;
    this.self = site.capturingName().concat("$$Lambda");
  }

  /// What makes a lambda of its captured variables, of type `(Object[])Object`; null if this lambda
  /// must go the JDK's way.
  static @Nullable MethodHandle spin(LambdaSite site) {
    if (arguments(site) < 0
        || !site.implName().startsWith("lambda$")
        || !site.implClass().equals(site.capturingName())
        || site.capturing().isInterface()
        || site.capturing().isHidden()) {
      return null;
    }
    var spinner = new LambdaSpinner(site);
    if (!spinner.fits() || !exists(site)) {
      return null;
    }
    byte[] file = spinner.file();
    try {
      LambdaSpinner.class.getModule().addReads(site.capturing().getModule());
      MethodHandles.Lookup lookup =
          MethodHandles.privateLookupIn(site.capturing(), MethodHandles.lookup());
      lookup.ensureInitialized(site.capturing()); // as the JDK's way does: a failure shows here
      MethodHandles.Lookup made =
          lookup.defineHiddenClass(file, false, MethodHandles.Lookup.ClassOption.NESTMATE);
      return made.findConstructor(
              made.lookupClass(), MethodType.methodType(void.class, Object[].class))
          .asType(FACTORY);
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }

  /// Whether the class has the body, in this process's version of it.
  private static boolean exists(LambdaSite site) {
    for (Method method : site.capturing().getDeclaredMethods()) {
      if (method.isSynthetic()
          && method.getName().equals(site.implName())
          && Modifier.isStatic(method.getModifiers()) == isStatic(site)
          && site.implSignature().contentEquals(signature(method))) {
        return true;
      }
    }
    return false;
  }

  private static StringBuilder signature(Method method) {
    var signature = new StringBuilder("(");
    for (Class<?> parameter : method.getParameterTypes()) {
      signature.append(parameter.descriptorString());
    }
    return signature.append(')').append(method.getReturnType().descriptorString());
  }

  /// Splits the parameters of the body into captured variables and arguments; false if an argument
  /// or the result is of a type that would have to be converted.
  private boolean fits() {
    List<String> all = new ArrayList<>();
    if (!isStatic(site)) {
      all.add(descriptor(site.capturingName()));
    }
    String signature = site.implSignature();
    int at = 1;
    while (signature.charAt(at) != ')') {
      int from = at;
      while (signature.charAt(at) == '[') {
        at++;
      }
      at = signature.charAt(at) == 'L' ? signature.indexOf(';', at) + 1 : at + 1;
      all.add(signature.substring(from, at));
    }
    int first = all.size() - arguments(site);
    if (first < 0 || all.size() > 200) {
      return false;
    }
    captured.addAll(all.subList(0, first));
    parameters.addAll(all.subList(first, all.size()));
    for (String parameter : parameters) {
      if (!isReference(parameter)) {
        return false;
      }
    }
    String result = signature.substring(at + 1);
    return site.methodSignature().endsWith(")V") ? result.equals("V") : isReference(result);
  }

  /// The number of parameters of the method of one of our interfaces, all of them objects; -1 if it
  /// is none of them.
  private static int arguments(LambdaSite site) {
    String known =
        switch (site.interfaceName()) {
          case "io/procession/serial/SerializableRunnable" -> "run()V";
          case "io/procession/serial/SerializableCallable" -> "call()Ljava/lang/Object;";
          case "io/procession/serial/SerializableFunction" ->
              "apply(Ljava/lang/Object;)Ljava/lang/Object;";
          case "io/procession/serial/SerializableBiFunction" ->
              "apply(Ljava/lang/Object;Ljava/lang/Object;)Ljava/lang/Object;";
          case "io/procession/serial/SerializableConsumer" -> "accept(Ljava/lang/Object;)V";
          default -> "";
        };
    if (!known.equals(site.methodName().concat(site.methodSignature()))) {
      return -1;
    }
    return (known.indexOf(')') - known.indexOf('(')) / "Ljava/lang/Object;".length();
  }

  /// The name of the field of a captured variable. Strings are joined by `concat` in this class: the
  /// operator would start machinery of its own.
  private static String name(int index) {
    return "f".concat(Integer.toString(index));
  }

  private static String descriptor(String internalName) {
    return "L".concat(internalName).concat(";");
  }

  private static boolean isStatic(LambdaSite site) {
    return site.implKind() == MethodHandleInfo.REF_invokeStatic;
  }

  private static boolean isReference(String descriptor) {
    return descriptor.startsWith("L") || descriptor.startsWith("[");
  }

  private byte[] file() {
    for (int i = 0; i < captured.size(); i++) {
      out.field(Modifier.PRIVATE | Modifier.FINAL, name(i), captured.get(i));
    }
    constructor();
    body();
    writeReplace();
    int flags = Modifier.FINAL | SUPER | SYNTHETIC;
    return out.finish(flags, self, OBJECT, site.interfaceName());
  }

  private void constructor() {
    out.op(ClassBytes.ALOAD_0);
    out.call(ClassBytes.INVOKESPECIAL, OBJECT, "<init>", "()V");
    for (int i = 0; i < captured.size(); i++) {
      out.op(ClassBytes.ALOAD_0);
      out.op(ClassBytes.ALOAD_1);
      out.push(i);
      out.op(ClassBytes.AALOAD);
      unbox(captured.get(i));
      out.fieldOp(ClassBytes.PUTFIELD, self, name(i), captured.get(i));
    }
    out.op(ClassBytes.RETURN);
    out.method(0, "<init>", "([Ljava/lang/Object;)V", 3, 2);
  }

  private void body() {
    pushCaptured(false);
    for (int i = 0; i < parameters.size(); i++) {
      out.load(1 + i);
      out.typeOp(ClassBytes.CHECKCAST, castName(parameters.get(i)));
    }
    out.call(
        isStatic(site) ? ClassBytes.INVOKESTATIC : ClassBytes.INVOKEVIRTUAL,
        site.implClass(),
        site.implName(),
        site.implSignature());
    out.op(site.methodSignature().endsWith(")V") ? ClassBytes.RETURN : ClassBytes.ARETURN);
    out.method(
        Modifier.PUBLIC,
        site.methodName(),
        site.methodSignature(),
        2 * captured.size() + parameters.size() + 1,
        1 + parameters.size());
  }

  private void pushCaptured(boolean boxed) {
    for (int i = 0; i < captured.size(); i++) {
      if (boxed) {
        out.op(ClassBytes.DUP);
        out.push(i);
      }
      out.op(ClassBytes.ALOAD_0);
      out.fieldOp(ClassBytes.GETFIELD, self, name(i), captured.get(i));
      if (boxed) {
        box(captured.get(i));
        out.op(ClassBytes.AASTORE);
      }
    }
  }

  private void writeReplace() {
    out.typeOp(ClassBytes.NEW, SERIALIZED);
    out.op(ClassBytes.DUP);
    out.pushType(site.capturingName());
    out.push(site.interfaceName());
    out.push(site.methodName());
    out.push(site.methodSignature());
    out.push(site.implKind());
    out.push(site.implClass());
    out.push(site.implName());
    out.push(site.implSignature());
    out.push(site.instantiatedType());
    out.push(captured.size());
    out.typeOp(ClassBytes.ANEWARRAY, OBJECT);
    pushCaptured(true);
    out.call(ClassBytes.INVOKESPECIAL, SERIALIZED, "<init>", SERIALIZED_INIT);
    out.op(ClassBytes.ARETURN);
    out.method(Modifier.PRIVATE | Modifier.FINAL, "writeReplace", "()Ljava/lang/Object;", 16, 1);
  }

  private void unbox(String descriptor) {
    String box = boxOf(descriptor);
    if (box == null) {
      out.typeOp(ClassBytes.CHECKCAST, castName(descriptor));
    } else {
      out.typeOp(ClassBytes.CHECKCAST, box);
      out.call(ClassBytes.INVOKEVIRTUAL, box, unboxName(descriptor), "()".concat(descriptor));
    }
  }

  private void box(String descriptor) {
    String box = boxOf(descriptor);
    if (box != null) {
      out.call(
          ClassBytes.INVOKESTATIC,
          box,
          "valueOf",
          "(".concat(descriptor).concat(")").concat(descriptor(box)));
    }
  }

  private static String castName(String descriptor) {
    return descriptor.startsWith("L")
        ? descriptor.substring(1, descriptor.length() - 1)
        : descriptor;
  }

  private static @Nullable String boxOf(String descriptor) {
    return switch (descriptor.charAt(0)) {
      case 'Z' -> "java/lang/Boolean";
      case 'B' -> "java/lang/Byte";
      case 'S' -> "java/lang/Short";
      case 'C' -> "java/lang/Character";
      case 'I' -> "java/lang/Integer";
      case 'J' -> "java/lang/Long";
      case 'F' -> "java/lang/Float";
      case 'D' -> "java/lang/Double";
      default -> null;
    };
  }

  private static String unboxName(String descriptor) {
    return switch (descriptor.charAt(0)) {
      case 'Z' -> "booleanValue";
      case 'B' -> "byteValue";
      case 'S' -> "shortValue";
      case 'C' -> "charValue";
      case 'I' -> "intValue";
      case 'J' -> "longValue";
      case 'F' -> "floatValue";
      default -> "doubleValue";
    };
  }
}

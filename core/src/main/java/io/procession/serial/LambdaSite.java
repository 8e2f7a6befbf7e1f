package io.procession.serial;

import java.io.IOException;
import java.io.InvalidObjectException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The place in a class where a lambda is written, found again in this process.
final class LambdaSite {
  private final byte[] bytes;
  private final Class<?> capturing;
  private final String[] names;
  private final int implKind;

  /// Of type `(Object[])Object`, or null if the lambda is made by the JDK.
  private final @Nullable MethodHandle spun;

  /// The lambda, if it captures nothing: then there is only one.
  private volatile @Nullable Object single;

  private LambdaSite(byte[] bytes, Class<?> capturing, String[] names, int implKind) {
    this.bytes = bytes;
    this.capturing = capturing;
    this.names = names;
    this.implKind = implKind;
    TaskBody task = TaskBody.find(this);
    this.single = task;
    this.spun = task == null ? LambdaSpinner.spin(this) : null;
  }

  /// What the lambdas of one place have in common.
  ///
  /// @param capturing the class that has the place
  static byte[] bytes(SerializedLambda form, Class<?> capturing) {
    var out = new ByteSink(512);
    out.putString(Travelling.name(capturing));
    out.putByte(form.getImplMethodKind());
    out.putString(form.getFunctionalInterfaceClass());
    out.putString(form.getFunctionalInterfaceMethodName());
    out.putString(form.getFunctionalInterfaceMethodSignature());
    out.putString(form.getImplClass());
    out.putString(form.getImplMethodName());
    out.putString(form.getImplMethodSignature());
    out.putString(form.getInstantiatedMethodType());
    return out.toByteArray();
  }

  /// The class that has the place, which another process can find by its name.
  static Class<?> requireFound(Class<?> lambda, SerializedLambda form) {
    String name = form.getCapturingClass().replace('/', '.');
    try {
      return Class.forName(name, false, lambda.getClassLoader());
    } catch (ClassNotFoundException | LinkageError e) {
      throw new NotSendableException(
          "the class of the lambda cannot be found by its name (is it a hidden class?): class="
              + name,
          e);
    }
  }

  static LambdaSite parse(byte[] bytes, Decoder decoder)
      throws IOException, ClassNotFoundException {
    var in = new ByteSource(bytes);
    Class<?> capturing = decoder.resolve(in.getString());
    int implKind = in.getByte();
    String[] names = new String[7];
    for (int i = 0; i < names.length; i++) {
      names[i] = in.getString();
    }
    if (in.remaining() != 0) {
      throw in.corrupt("bytes behind a lambda");
    }
    return new LambdaSite(bytes, capturing, names, implKind);
  }

  private InvalidObjectException invalid(Throwable cause) {
    return new InvalidObjectException(
        "no such lambda in this process's version of the class: class=" + capturing.getName(),
        cause);
  }

  boolean matches(byte[] array, int from, int to) {
    return Arrays.equals(bytes, 0, bytes.length, array, from, to);
  }

  @Nullable ClassLoader loader() {
    return capturing.getClassLoader();
  }

  Class<?> capturing() {
    return capturing;
  }

  /// The internal name of the capturing class.
  String capturingName() {
    return capturing.getName().replace('.', '/');
  }

  String interfaceName() {
    return names[0];
  }

  String methodName() {
    return names[1];
  }

  String methodSignature() {
    return names[2];
  }

  int implKind() {
    return implKind;
  }

  String implClass() {
    return names[3];
  }

  String implName() {
    return names[4];
  }

  String implSignature() {
    return names[5];
  }

  String instantiatedType() {
    return names[6];
  }

  Object create(@Nullable Object[] captured) throws InvalidObjectException {
    Object lambda = single;
    if (lambda == null || captured.length != 0) {
      lambda = spun == null ? createByJdk(captured) : createSpun(spun, captured);
      if (captured.length == 0) {
        single = lambda;
      }
    }
    return lambda;
  }

  private Object createSpun(MethodHandle constructor, @Nullable Object[] captured)
      throws InvalidObjectException {
    try {
      return (Object) constructor.invokeExact(captured);
    } catch (Throwable e) {
      throw invalid(e);
    }
  }

  /// The lambda as the JDK sends it.
  SerializedLambda serialForm(@Nullable Object[] captured) {
    return new SerializedLambda(
        capturing,
        interfaceName(),
        methodName(),
        methodSignature(),
        implKind,
        implClass(),
        implName(),
        implSignature(),
        instantiatedType(),
        captured);
  }

  private Object createByJdk(@Nullable Object[] captured) throws InvalidObjectException {
    SerializedLambda form = serialForm(captured);
    try {
      Method deserialize =
          capturing.getDeclaredMethod("$deserializeLambda$", SerializedLambda.class);
      deserialize.setAccessible(true);
      return deserialize.invoke(null, form);
    } catch (InvocationTargetException e) {
      throw invalid(e.getTargetException());
    } catch (ReflectiveOperationException | InaccessibleObjectException e) {
      throw invalid(e);
    }
  }
}

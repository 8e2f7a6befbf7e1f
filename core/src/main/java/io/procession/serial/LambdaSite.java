package io.procession.serial;

import java.io.IOException;
import java.io.InvalidObjectException;
import java.lang.invoke.SerializedLambda;
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
  private final Method deserialize;

  /// The lambda, if it captures nothing: then there is only one.
  private volatile @Nullable Object single;

  private LambdaSite(
      byte[] bytes, Class<?> capturing, String[] names, int implKind, Method deserialize) {
    this.bytes = bytes;
    this.capturing = capturing;
    this.names = names;
    this.implKind = implKind;
    this.deserialize = deserialize;
  }

  /// What the lambdas of one place have in common.
  static byte[] bytes(SerializedLambda form) {
    var out = new ByteSink(512);
    out.putString(form.getCapturingClass().replace('/', '.'));
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

  /// Checks that another process can find the class by its name.
  static void requireFound(Class<?> lambda, SerializedLambda form) {
    String name = form.getCapturingClass().replace('/', '.');
    try {
      Class.forName(name, false, lambda.getClassLoader());
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
    try {
      Method deserialize =
          capturing.getDeclaredMethod("$deserializeLambda$", SerializedLambda.class);
      deserialize.setAccessible(true);
      return new LambdaSite(bytes, capturing, names, implKind, deserialize);
    } catch (NoSuchMethodException e) {
      throw invalid(capturing, e);
    }
  }

  private static InvalidObjectException invalid(Class<?> capturing, Throwable cause) {
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

  Object create(@Nullable Object[] captured) throws InvalidObjectException {
    Object known = single;
    if (known != null && captured.length == 0) {
      return known;
    }
    var form =
        new SerializedLambda(
            capturing, names[0], names[1], names[2], implKind, names[3], names[4], names[5],
            names[6], captured);
    try {
      Object lambda = deserialize.invoke(null, form);
      if (captured.length == 0) {
        single = lambda;
      }
      return lambda;
    } catch (InvocationTargetException e) {
      throw invalid(capturing, e.getTargetException());
    } catch (IllegalAccessException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }
}

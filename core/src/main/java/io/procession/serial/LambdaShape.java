package io.procession.serial;

import java.lang.invoke.SerializedLambda;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The class of a serializable lambda: what its objects have in common is turned into bytes once.
final class LambdaShape extends Shape {
  private final Method writeReplace;

  /// The bytes that every object of the class begins with; null before the first object.
  private volatile byte @Nullable [] head;

  /// Whether the lambda captures nothing, so that the head is all.
  private volatile boolean stateless;

  private LambdaShape(Method writeReplace) {
    super(Tag.LAMBDA);
    this.writeReplace = writeReplace;
  }

  static boolean isLambda(Class<?> type) {
    return type.isHidden() && type.isSynthetic() && type.getName().contains("$$Lambda");
  }

  static @Nullable LambdaShape find(Class<?> type) {
    if (SnippetVariables.isSnippet(type.getName())) {
      return null; // what it uses of JShell's variables goes along by JDK serialization
    }
    try {
      Method method = type.getDeclaredMethod("writeReplace");
      method.setAccessible(true);
      return new LambdaShape(method);
    } catch (NoSuchMethodException | InaccessibleObjectException e) {
      return null;
    }
  }

  /// The serial form of a lambda.
  SerializedLambda serialized(Object lambda) {
    try {
      return (SerializedLambda) writeReplace.invoke(lambda);
    } catch (InvocationTargetException | IllegalAccessException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  /// Writes the lambda; false if it or a captured variable must be left to JDK serialization.
  boolean write(Object lambda, Encoder encoder, int depth) {
    ByteSink out = encoder.out();
    byte[] known = head;
    if (known != null && stateless) {
      out.putBytes(known);
      return true;
    }
    SerializedLambda form = serialized(lambda);
    int count = form.getCapturedArgCount();
    if (count > 0 && !encoder.enter(lambda)) {
      return false;
    }
    if (known == null) {
      known = head(form, LambdaSite.requireFound(lambda.getClass(), form));
      head = known;
      stateless = count == 0;
    }
    out.putBytes(known);
    for (int i = 0; i < count; i++) {
      if (!encoder.write(form.getCapturedArg(i), depth)) {
        return false;
      }
    }
    return true;
  }

  private static byte[] head(SerializedLambda form, Class<?> capturing) {
    byte[] site = LambdaSite.bytes(form, capturing);
    var out = new ByteSink(site.length + 16);
    out.putByte(Tag.LAMBDA);
    out.putInt(Arrays.hashCode(site));
    out.putVarInt(site.length);
    out.putBytes(site);
    out.putVarInt(form.getCapturedArgCount());
    return out.toByteArray();
  }
}

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

  /// The nine strings and the kind that say which lambda it is, or null before the first object.
  private volatile byte @Nullable [] site;

  private LambdaShape(Method writeReplace) {
    super(Tag.LAMBDA);
    this.writeReplace = writeReplace;
  }

  static boolean isLambda(Class<?> type) {
    return type.isHidden() && type.isSynthetic() && type.getName().contains("$$Lambda");
  }

  static @Nullable LambdaShape find(Class<?> type) {
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
    SerializedLambda form = serialized(lambda);
    int count = form.getCapturedArgCount();
    if (count > 0 && !encoder.enter(lambda)) {
      return false;
    }
    byte[] known = site;
    if (known == null) {
      LambdaSite.requireFound(lambda.getClass(), form);
      known = LambdaSite.bytes(form);
      site = known;
    }
    ByteSink out = encoder.out();
    out.putByte(Tag.LAMBDA);
    out.putInt(Arrays.hashCode(known));
    out.putVarInt(known.length);
    out.putBytes(known);
    out.putVarInt(count);
    for (int i = 0; i < count; i++) {
      if (!encoder.write(form.getCapturedArg(i), depth)) {
        return false;
      }
    }
    return true;
  }
}

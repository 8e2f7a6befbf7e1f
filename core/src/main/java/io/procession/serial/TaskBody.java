package io.procession.serial;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/// A lambda that captures nothing and has arrived as a [SerializableRunnable]: the method that has its body.
///
/// It is run once, so a class of its own ([LambdaSpinner]) does not pay: to define one takes a young
/// child longer than all else that is done to learn its task.
final class TaskBody implements SerializableRunnable {
  private static final long serialVersionUID = 1;

  private final transient MethodHandle body;
  private final transient LambdaSite site;

  private TaskBody(MethodHandle body, LambdaSite site) {
    this.body = body;
    this.site = site;
  }

  /// The task of a site; null if it is of another kind, or its class is not open to us.
  ///
  /// The class that has the body is initialised now, as it is where a lambda is made in any other
  /// way: the process counts as starting until its task is known.
  static @Nullable TaskBody find(LambdaSite site) {
    if (!site.interfaceName().equals("io/procession/serial/SerializableRunnable")
        || !site.methodName().equals("run")
        || site.implKind() != MethodHandleInfo.REF_invokeStatic
        || !site.implSignature().equals("()V")
        || !site.implName().startsWith("lambda$")
        || !site.implClass().equals(site.capturingName())
        || site.capturing().isHidden()) {
      return null;
    }
    try {
      Method method = site.capturing().getDeclaredMethod(site.implName());
      if (!method.isSynthetic() || method.getReturnType() != void.class) {
        return null;
      }
      method.setAccessible(true);
      Class.forName(site.capturing().getName(), true, site.loader());
      return new TaskBody(MethodHandles.lookup().unreflect(method), site);
    } catch (ReflectiveOperationException | InaccessibleObjectException e) {
      return null;
    }
  }

  @Override
  public void run() throws Exception {
    try {
      body.invokeExact();
    } catch (Exception | Error e) {
      throw e;
    } catch (Throwable t) {
      throw new AssertionError("a lambda threw what is neither exception nor error", t);
    }
  }

  /// It is sent on as the lambda that it is.
  private Object writeReplace() {
    return site.serialForm(new Object[0]);
  }
}

package io.procession.serial;

import java.io.Externalizable;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectStreamClass;
import java.io.ObjectStreamField;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/*
 * Finds out, after JDK serialization has refused a value, what in it was to blame and how one gets
 * there from the value: breadth first, so that the way told is a shortest one, along whatever JDK
 * serialization would follow (captured variables, fields that are not transient, elements, keys and
 * values). It runs other people's methods (iterators, writeReplace) and reads fields it may not be
 * allowed to read; where that fails it sees less, and the message says less.
 */
final class Culprit {
  private static final int MAX_OBJECTS = 1_000_000;
  private static final int MAX_TOLD = 8;
  private static final int NONE = -1;

  private final ArrayDeque<Step> queue = new ArrayDeque<>();
  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());

  /// An object met, and how: what it is of its parent, and the how-manyth.
  private record Step(Object object, String role, int index, @Nullable Step parent) {}

  private Culprit() {}

  /// The exception to throw for a value that could not be written.
  static NotSendableException explain(Object value, Throwable thrown) {
    Throwable refusal = thrown;
    if (thrown instanceof UncheckedIOException && thrown.getCause() != null) {
      refusal = thrown.getCause();
    }
    String message = ownWords(refusal);
    if (message != null) {
      return new NotSendableException(message + " (" + placeOfRefusal(value) + ")", refusal);
    }
    if (refusal instanceof NotSerializableException) {
      try {
        message = new Culprit().search(value, refusal.getMessage());
      } catch (RuntimeException | StackOverflowError | LinkageError e) {
        refusal.addSuppressed(e);
      }
      if (message == null) {
        message = refusal.getMessage() + " in an object of " + value.getClass().getName();
      }
    } else if (refusal instanceof StackOverflowError) {
      message = "objects nested too deep in an object of " + value.getClass().getName();
    } else {
      message =
          "an object of "
              + value.getClass().getName()
              + " refused to be written, or a part of it: "
              + refusal;
    }
    return new NotSendableException("not serializable: " + message, refusal);
  }

  /// Refuses a lock of the JDK which is the value, or an argument or a captured variable of it: its copy would
  /// be serializable, and lock nothing.
  static void refuseLocks(Object value) {
    var culprit = new Culprit();
    culprit.add(value, "", NONE, null);
    while (!culprit.queue.isEmpty()) {
      Step step = culprit.queue.remove();
      Object object = step.object();
      String remedy = JvmLocks.remedy(object);
      if (remedy != null) {
        throw new NotSendableException(
            "a copy of a lock would lock nothing: " + way(step) + remedy);
      }
      if (isOurArray(step) || LambdaShape.isLambda(object.getClass())) {
        culprit.tryFollow(step);
      }
    }
  }

  /// Whether it is an array of arguments, or of such arrays: a request of a manager, or a pool's chunk.
  private static boolean isOurArray(Step step) {
    for (Step within = step; within != null; within = within.parent()) {
      if (within.object().getClass() != Object[].class) {
        return false;
      }
    }
    return true;
  }

  /// Where the object is that refuses to be written, itself or in its handle's making.
  private static String placeOfRefusal(Object value) {
    String place = null;
    try {
      place = new Culprit().searchRefusing(value);
    } catch (RuntimeException | StackOverflowError | LinkageError e) {
      // what it says itself must do
    }
    return place == null ? "in an object of " + value.getClass().getName() : place;
  }

  private @Nullable String searchRefusing(Object value) {
    add(value, "", NONE, null);
    while (!queue.isEmpty() && seen.size() < MAX_OBJECTS) {
      Step step = queue.remove();
      try {
        follow(step);
      } catch (InvocationTargetException e) {
        if (step.parent() != null && ownWords(e.getTargetException()) != null) {
          return way(step);
        }
      } catch (RuntimeException | ReflectiveOperationException e) {
        // as in tryFollow
      }
    }
    return null;
  }

  /// What an object of ours says of itself: it is closed, say. The JDK's exceptions name a class only.
  private static @Nullable String ownWords(Throwable refusal) {
    String message = refusal.getMessage();
    StackTraceElement[] trace = refusal.getStackTrace();
    boolean isOurs = trace.length > 0 && trace[0].getClassName().startsWith("io.procession.");
    boolean isSaid = refusal instanceof IOException || refusal instanceof IllegalStateException;
    return isOurs && isSaid && message != null && message.indexOf(' ') > 0 ? message : null;
  }

  /// Describes the nearest culprit, preferring one of the class that the JDK named.
  private @Nullable String search(Object value, @Nullable String named) {
    Step other = null;
    add(value, "", NONE, null);
    while (!queue.isEmpty() && seen.size() < MAX_OBJECTS) {
      Step step = queue.remove();
      Object object = step.object();
      if (isWritten(object)) {
        tryFollow(step);
      } else if (object.getClass().getName().equals(named)) {
        return describe(step);
      } else if (other == null) {
        other = step;
      }
    }
    return other == null ? null : describe(other);
  }

  private void tryFollow(Step step) {
    try {
      follow(step);
    } catch (RuntimeException | ReflectiveOperationException e) {
      // what cannot be looked into is taken for blameless: the JDK has named the class of the
      // culprit
    }
  }

  private void add(@Nullable Object object, String role, int index, @Nullable Step parent) {
    if (object != null && seen.add(object)) {
      queue.add(new Step(object, role, index, parent));
    }
  }

  private static boolean isWritten(Object object) {
    return object instanceof Serializable || object instanceof Enum || object.getClass().isArray();
  }

  private void follow(Step step) throws ReflectiveOperationException {
    Object object = step.object();
    Class<?> type = object.getClass();
    if (object instanceof String || object instanceof Class || object instanceof Enum) {
      return;
    }
    if (LambdaShape.isLambda(type)) {
      followVariables(step);
    }
    if (Proxy.isProxyClass(type)) {
      add(Proxy.getInvocationHandler(object), "handler", NONE, step);
    } else if (object instanceof Object[] array) {
      for (int i = 0; i < array.length; i++) {
        add(array[i], "element", i, step);
      }
    } else if (Shape.of(type) instanceof LambdaShape shape) {
      SerializedLambda form = shape.serialized(object);
      for (int i = 0; i < form.getCapturedArgCount(); i++) {
        add(form.getCapturedArg(i), "argument", i, step);
      }
    } else if (object instanceof Collection<?> collection && isOfJdk(type)) {
      int index = 0;
      for (Object element : collection) {
        add(element, "element", index++, step);
      }
    } else if (object instanceof Map<?, ?> map && isOfJdk(type)) {
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        add(entry.getKey(), "key", NONE, step);
        add(entry.getValue(), "value for key " + shown(entry.getKey()), NONE, step);
      }
    } else if (object instanceof Throwable failure) {
      add(failure.getCause(), "cause", NONE, step);
      for (Throwable suppressed : failure.getSuppressed()) {
        add(suppressed, "suppressed exception", NONE, step);
      }
      followFields(step);
    } else if (!(object instanceof Externalizable) && !followReplacement(step)) {
      followFields(step);
    }
  }

  private static boolean isOfJdk(Class<?> type) {
    return type.getClassLoader() == null;
  }

  private static String shown(@Nullable Object key) {
    return key instanceof String text ? '"' + text + '"' : String.valueOf(key);
  }

  @SuppressWarnings("ReferenceEquality") // as JDK serialization compares them
  private boolean followReplacement(Step step) throws ReflectiveOperationException {
    Object object = step.object();
    Class<?> type = object.getClass();
    for (Class<?> c = type; c != null; c = c.getSuperclass()) {
      for (Method method : c.getDeclaredMethods()) {
        if (method.getName().equals("writeReplace")
            && method.getParameterCount() == 0
            && (c == type || !Modifier.isPrivate(method.getModifiers()))) {
          method.setAccessible(true);
          Object replacement = method.invoke(object);
          if (replacement != object) {
            add(replacement, "replacement", NONE, step);
            return true;
          }
        }
      }
    }
    return false;
  }

  /// Those of JShell that a lambda uses go along with it.
  private void followVariables(Step step) throws ReflectiveOperationException {
    Class<?> lambda = step.object().getClass();
    String host = host(lambda);
    if (SnippetVariables.isOutermost(host)) {
      for (Field variable :
          Travelling.variables(Class.forName(host, false, lambda.getClassLoader()))) {
        add(variable.get(null), "variable " + variable.getName(), NONE, step);
      }
    }
  }

  private void followFields(Step step) throws IllegalAccessException {
    for (Class<?> c = step.object().getClass();
        c != null && Serializable.class.isAssignableFrom(c);
        c = c.getSuperclass()) {
      ObjectStreamClass description = ObjectStreamClass.lookup(c);
      for (ObjectStreamField field : description.getFields()) {
        if (!field.isPrimitive()) {
          followField(step, c, field.getName());
        }
      }
    }
  }

  private void followField(Step step, Class<?> owner, String name) throws IllegalAccessException {
    try {
      Field field = owner.getDeclaredField(name);
      field.setAccessible(true);
      add(field.get(step.object()), "field " + name, NONE, step);
    } catch (NoSuchFieldException | InaccessibleObjectException e) {
      // a field that is only declared to be written, or one that may not be read: not followed
    }
  }

  private static String describe(Step culprit) {
    return way(culprit) + remedy(culprit);
  }

  private static String way(Step culprit) {
    var text = new StringBuilder();
    if (culprit.parent() == null) {
      text.append(shownType(culprit.object()));
    }
    int told = 0;
    for (Step step = culprit; step.parent() != null; step = step.parent()) {
      boolean outermost = step.parent().parent() == null;
      if (told < MAX_TOLD || outermost) {
        text.append(told == 0 ? "" : ", ").append(describeRole(step, step.parent()));
      } else if (told == MAX_TOLD) {
        text.append(", ...");
      }
      told++;
    }
    return text.toString();
  }

  private static String describeRole(Step step, Step parent) {
    Object owner = parent.object();
    if (Shape.of(owner.getClass()) instanceof LambdaShape shape) {
      SerializedLambda form = shape.serialized(owner);
      return LambdaSource.of(form, owner.getClass().getClassLoader())
          .describe(step.index(), shownType(step.object()));
    }
    String which = step.index() == NONE ? step.role() : step.role() + " " + step.index();
    String described = which + " (" + shownType(step.object()) + ")";
    boolean isOurArray = parent.parent() == null && owner.getClass() == Object[].class;
    return isOurArray ? described : described + " of " + shownType(owner);
  }

  private static String shownType(Object object) {
    Class<?> type = object.getClass();
    return LambdaShape.isLambda(type) ? "a lambda of " + host(type) : type.getTypeName();
  }

  private static String host(Class<?> lambda) {
    return lambda.getName().substring(0, lambda.getName().indexOf("$$Lambda"));
  }

  /// What to do about it: in a lambda or a class of the user's, rather than in the object's class.
  private static String remedy(Step culprit) {
    String remedy = Remedy.of(culprit.object().getClass());
    for (Step step = culprit; step.parent() != null; step = step.parent()) {
      String found = remedyAround(step, step.parent().object());
      remedy = found == null ? remedy : found; // the outermost: what is within goes with it
    }
    return remedy;
  }

  /// What to do where the object is what a lambda, a method reference or a class was written in.
  private static @Nullable String remedyAround(Step step, Object owner) {
    Class<?> type = owner.getClass();
    if (step.role().startsWith("field this$")) {
      return Remedy.forInner(type);
    }
    if (!(Shape.of(type) instanceof LambdaShape shape)) {
      return null;
    }
    SerializedLambda form = shape.serialized(owner);
    if (LambdaSource.isThis(form, step.index())) {
      return Remedy.FOR_THIS;
    }
    return LambdaSource.isReceiver(form, step.index(), step.object().getClass())
        ? Remedy.FOR_RECEIVER
        : null;
  }
}

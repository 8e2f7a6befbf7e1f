package io.procession.serial;

import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamException;
import java.io.Serializable;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The serial form of an object that lives in the session's arena: what is sent in its stead, and
/// attached again on arrival.
///
/// A class of the library whose instances travel has a private `Object writeReplace()` that returns
/// a handle, and a static `attach(Handle)` that returns an instance. Users never see handles: it is public for
/// the library's own packages.
///
/// From the moment that somebody else can read a handle, its object is not its maker's alone any
/// more: [#leave] notes that. A [ByteSink] that keeps handles leaves it to whoever publishes its
/// bytes; in every other way of writing a handle it is done at once.
///
/// @hidden
@SuppressWarnings("InvalidBlockTag") // Error Prone does not know @hidden
public final class Handle implements Serializable {
  static final String OURS = "io.procession.";

  private static final long serialVersionUID = 1L;

  private static final MethodType RESOLVE = MethodType.methodType(Object.class, Handle.class);

  /// The `attach` of each class that was asked for; bounded by the classes of the library.
  private static final ConcurrentHashMap<String, MethodHandle> ATTACH = new ConcurrentHashMap<>();

  private final String type;
  private final long session;
  private final int cell;
  private final int generation;
  private final int part;
  private final transient @Nullable Runnable leaving;

  /// Creates the handle of a whole object, for which nothing is to be done when it leaves.
  ///
  /// @param type the name of the class that attaches it
  /// @param session the identity of the session whose arena holds the object
  /// @param cell the number of the object's cell
  /// @param generation the generation of that cell, so that a cell used again is not mistaken
  /// @throws IllegalArgumentException if the class is not one of the library
  public Handle(String type, long session, int cell, int generation) {
    this(type, session, cell, generation, 0, null);
  }

  /// Creates a handle.
  ///
  /// @param type the name of the class that attaches it
  /// @param session the identity of the session whose arena holds the object
  /// @param cell the number of the object's cell
  /// @param generation the generation of that cell
  /// @param part which part of the object, from 0 to 255, where it has several
  /// @param leaving what [#leave] does; must be good for doing twice
  /// @throws IllegalArgumentException if the class is not one of the library
  public Handle(
      String type, long session, int cell, int generation, int part, @Nullable Runnable leaving) {
    if (!type.startsWith(OURS)) {
      throw new IllegalArgumentException("not a class of the library: type=" + type);
    }
    this.type = type;
    this.session = session;
    this.cell = cell;
    this.generation = generation;
    this.part = part;
    this.leaving = leaving;
  }

  /// The name of the class that attaches it.
  ///
  /// @return the name
  public String type() {
    return type;
  }

  /// The identity of the session whose arena holds the object.
  ///
  /// @return the identity
  public long session() {
    return session;
  }

  /// The number of the object's cell.
  ///
  /// @return the number
  public int cell() {
    return cell;
  }

  /// The generation of that cell.
  ///
  /// @return the generation
  public int generation() {
    return generation;
  }

  /// Which part of the object.
  ///
  /// @return a number, 0 where there are no parts
  public int part() {
    return part;
  }

  /// Notes that others can read the handle from now on. It must be called before they can.
  public void leave() {
    if (leaving != null) {
      leaving.run();
    }
  }

  private void writeObject(ObjectOutputStream out) throws IOException {
    if (out instanceof JdkObjects.Output ours) {
      ours.sink.add(this);
    } else {
      leave();
    }
    out.defaultWriteObject();
  }

  /// Attaches the object in this process.
  ///
  /// @return the object
  /// @throws InvalidObjectException if there is no such class, or it refused: the cause says why
  public Object resolve() throws InvalidObjectException {
    Object attached;
    try {
      MethodHandle attach = ATTACH.get(type);
      if (attach == null) {
        attach = find(type);
        ATTACH.put(type, attach);
      }
      attached = (Object) attach.invokeExact(this);
    } catch (Throwable t) {
      throw refused(t);
    }
    if (attached == null) {
      throw new InvalidObjectException("nothing attached: " + this);
    }
    return attached;
  }

  /// A handle, since the JDK spins three classes to invoke a first method, which a young child waits
  /// for.
  private static MethodHandle find(String type) throws ReflectiveOperationException {
    Class<?> owner = Class.forName(type, false, Handle.class.getClassLoader());
    Method attach = owner.getDeclaredMethod("attach", Handle.class);
    if (!Modifier.isStatic(attach.getModifiers())) {
      throw new NoSuchMethodException("not static: " + attach);
    }
    attach.setAccessible(true);
    return MethodHandles.lookup().unreflect(attach).asType(RESOLVE);
  }

  private InvalidObjectException refused(Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    return new InvalidObjectException(this + " cannot be attached: " + cause.getMessage(), cause);
  }

  private Object readResolve() throws ObjectStreamException {
    return resolve();
  }

  @Override
  public String toString() {
    return type
        + " in cell "
        + cell
        + "."
        + generation
        + " of session "
        + Long.toHexString(session);
  }
}

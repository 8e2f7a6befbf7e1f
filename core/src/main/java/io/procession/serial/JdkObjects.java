package io.procession.serial;

import io.procession.internal.swap.Stead;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidClassException;
import java.io.InvalidObjectException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OptionalDataException;
import java.io.OutputStream;
import java.io.StreamCorruptedException;
import java.io.UTFDataFormatException;
import java.lang.reflect.Proxy;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// JDK serialization behind a filter: the one class that names [ObjectInputStream].
final class JdkObjects {
  private static final int MAX_DEPTH = 10_000;

  private JdkObjects() {}

  static void write(@Nullable Object value, ByteSink out) throws IOException {
    try (var stream = new Output(out)) {
      stream.writeObject(value);
    }
  }

  /// @param allowed what classes objects may be of, by name; null for all
  static @Nullable Object read(
      byte[] bytes,
      int offset,
      int length,
      @Nullable ClassLoader loader,
      @Nullable Predicate<String> allowed)
      throws IOException, ClassNotFoundException {
    Limits limits = new Limits(length, allowed);
    try (var stream = new Input(new ByteArrayInputStream(bytes, offset, length), loader)) {
      ObjectInputFilter global = stream.getObjectInputFilter();
      stream.setObjectInputFilter(
          global == null ? limits : ObjectInputFilter.merge(limits, global));
      return stream.readObject();
    } catch (EOFException | UTFDataFormatException | OptionalDataException e) {
      // these come without a message
      var corrupt = new StreamCorruptedException("the bytes of an object are cut or damaged: " + e);
      corrupt.initCause(e);
      throw corrupt;
    } catch (InvalidClassException e) {
      throw limits.explained(e);
    } catch (StackOverflowError e) {
      throw new InvalidObjectException("objects nested too deep", e);
    }
  }

  /// Bounds what a stream can make this process allocate by its own length. A hash table is the
  /// greediest: eight slots for an entry of two bytes.
  private static final class Limits implements ObjectInputFilter {
    private final long length;
    private final @Nullable Predicate<String> allowed;
    private @Nullable String reason; // for the first refusal

    Limits(int length, @Nullable Predicate<String> allowed) {
      this.length = length;
      this.allowed = allowed;
    }

    @Override
    public Status checkInput(FilterInfo info) {
      boolean exceeded =
          info.depth() > MAX_DEPTH
              || info.references() > length
              || info.streamBytes() > length
              || info.arrayLength() > 4 * length + 1024;
      if (exceeded) {
        note("objects nested too deep, or more of them than their bytes can be");
      }
      return exceeded || isRefused(info.serialClass()) ? Status.REJECTED : Status.UNDECIDED;
    }

    private void note(String why) {
      reason = reason == null ? why : reason;
    }

    /// The JDK says only that a filter refused something.
    InvalidClassException explained(InvalidClassException thrown) {
      if (reason == null) {
        return thrown;
      }
      var explained = new InvalidClassException(reason);
      explained.initCause(thrown);
      return explained;
    }

    /// An array is what its elements may be; primitive ones may always be.
    private boolean isRefused(@Nullable Class<?> type) {
      if (type == null || allowed == null) {
        return false;
      }
      Class<?> element = type;
      while (element.isArray()) {
        element = element.getComponentType();
      }
      if (element.isPrimitive() || allowed.test(element.getName())) {
        return false;
      }
      note(element.getName() + "; " + ClassLookup.NOT_TAKEN);
      return true;
    }
  }

  static final class Output extends ObjectOutputStream {
    final ByteSink sink;
    private final @Nullable Stead stead = Stead.current();

    Output(ByteSink sink) throws IOException {
      super(new SinkStream(sink));
      this.sink = sink;
      boolean _ = enableReplaceObject(true);
    }

    @Override
    protected Object replaceObject(Object object) {
      if (object instanceof NullPointerException thrown) {
        return withItsMessage(thrown);
      }
      return stead != null && stead.isFor(object) ? stead.of(object) : object;
    }

    /// What was null is no state of the exception: the JVM finds it out when it is asked, and where the exception
    /// arrives it cannot.
    private static NullPointerException withItsMessage(NullPointerException thrown) {
      String message = thrown.getMessage();
      if (message == null || thrown.getClass() != NullPointerException.class) {
        return thrown;
      }
      NullPointerException told = new NullPointerException(message);
      told.setStackTrace(thrown.getStackTrace());
      if (thrown.getCause() != null) {
        var _ = told.initCause(thrown.getCause());
      }
      for (Throwable suppressed : thrown.getSuppressed()) {
        told.addSuppressed(suppressed);
      }
      return told;
    }

    @Override
    protected void annotateClass(Class<?> type) throws IOException {
      ClassLookup.requireNamed(type);
      String prefix = Travelling.prefixOrNull(type);
      if (prefix != null) {
        writeUTF(prefix);
        if (SnippetVariables.isOutermost(type.getName())) {
          SnippetVariables.write(type, this);
        }
      }
    }

    /// A prefix for each interface if one of them has one.
    @Override
    protected void annotateProxyClass(Class<?> type) throws IOException {
      Class<?>[] interfaces = type.getInterfaces();
      boolean travels = false;
      for (Class<?> each : interfaces) {
        travels |= Travelling.prefixOrNull(each) != null;
      }
      if (travels) {
        for (Class<?> each : interfaces) {
          String prefix = Travelling.prefixOrNull(each);
          writeUTF(prefix == null ? "" : prefix);
        }
      }
    }
  }

  private static final class Input extends ObjectInputStream {
    private final @Nullable ClassLoader loader;

    Input(InputStream in, @Nullable ClassLoader loader) throws IOException {
      super(in);
      this.loader = loader;
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass description)
        throws IOException, ClassNotFoundException {
      String name = description.getName();
      if (available() > 0) {
        boolean hasVariables = SnippetVariables.isOutermost(name);
        name = readUTF().concat(name);
        if (hasVariables) {
          SnippetVariables.read(this);
        }
      }
      try {
        return ClassLookup.load(name, loader, loader);
      } catch (ClassNotFoundException e) {
        Class<?> primitive = Class.forPrimitiveName(name);
        if (primitive == null) {
          throw e;
        }
        return primitive;
      }
    }

    @Override
    protected Class<?> resolveProxyClass(String[] names)
        throws IOException, ClassNotFoundException {
      Class<?>[] interfaces = new Class<?>[names.length];
      boolean travels = available() > 0;
      ClassLoader definer = loader;
      for (int i = 0; i < names.length; i++) {
        String prefix = travels ? readUTF() : "";
        interfaces[i] = ClassLookup.load(prefix.concat(names[i]), loader, loader);
        if (!prefix.isEmpty()) {
          definer = interfaces[i].getClassLoader();
        }
      }
      try {
        @SuppressWarnings("deprecation") // the class of a proxy is what this method must answer
        Class<?> proxy = Proxy.getProxyClass(definer, interfaces);
        return proxy;
      } catch (IllegalArgumentException e) {
        throw new ClassNotFoundException("no such proxy class", e);
      }
    }
  }

  private static final class SinkStream extends OutputStream {
    private final ByteSink sink;

    SinkStream(ByteSink sink) {
      this.sink = sink;
    }

    @Override
    public void write(int value) {
      sink.putByte(value);
    }

    @Override
    public void write(byte[] source, int offset, int count) {
      sink.putBytes(source, offset, count);
    }
  }
}

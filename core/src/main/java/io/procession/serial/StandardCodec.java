package io.procession.serial;

import java.io.IOException;
import java.io.InvalidClassException;
import java.io.InvalidObjectException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Fast ways for everyday values, JDK serialization for the rest.
final class StandardCodec implements Codec {
  static final StandardCodec INSTANCE =
      new StandardCodec(StandardCodec.class.getClassLoader(), null);

  private static final long serialVersionUID = 1L;

  private static final int SITES = 64;

  private final transient @Nullable ClassLoader loader;

  /// What classes arriving objects may be of, by name; null for all.
  private final transient @Nullable Predicate<String> allowed;

  /// Classes found through the loader, by name: a look-up in the JDK costs a microsecond.
  private final transient ConcurrentHashMap<String, Class<?>> classes = new ConcurrentHashMap<>();

  /// Places of lambdas met lately, by hash. A race between threads costs a second look-up: the
  /// elements are immutable.
  private final transient @Nullable LambdaSite[] sites = new @Nullable LambdaSite[SITES];

  StandardCodec(@Nullable ClassLoader loader, @Nullable Predicate<String> allowed) {
    this.loader = loader;
    this.allowed = allowed;
  }

  private Object readResolve() {
    return INSTANCE;
  }

  private void writeObject(ObjectOutputStream out) throws IOException {
    if (allowed != null) { // it would be one that takes everything
      throw new NotSerializableException("a codec that takes some classes only");
    }
    out.defaultWriteObject();
  }

  @Nullable ClassLoader loader() {
    return loader;
  }

  @Override
  public void encode(@Nullable Object value, ByteSink out) {
    if (value == null) {
      out.putByte(Tag.NULL);
      return;
    }
    int start = out.length();
    try {
      if (Encoder.writeLeaf(value, out) || writeFast(value, out, start)) {
        return;
      }
      JvmLocks.refuse(value);
      out.putByte(Tag.JDK);
      int at = out.length();
      out.putInt(0); // its length, below
      JdkObjects.write(value, out);
      out.setInt(at, out.length() - at - Integer.BYTES);
    } catch (NotSendableException e) {
      out.truncate(start);
      throw e;
    } catch (IOException | RuntimeException | StackOverflowError | LinkageError e) {
      out.truncate(start);
      throw Culprit.explain(value, e);
    } catch (Error e) {
      out.truncate(start);
      throw e;
    }
  }

  private static boolean writeFast(Object value, ByteSink out, int start) {
    var encoder = new Encoder(out, false);
    if (encoder.write(value, 0)) {
      return true;
    }
    out.truncate(start);
    if (encoder.isOverflown()) {
      if (new Encoder(out, true).write(value, 0)) {
        return true;
      }
      out.truncate(start);
    }
    return false;
  }

  @Override
  public @Nullable Object decode(ByteSource in) throws IOException, ClassNotFoundException {
    try {
      int tag = in.getByte();
      if (Decoder.isLeaf(tag)) {
        return Decoder.readLeaf(tag, in);
      }
      if (tag == Tag.JDK) {
        int length = in.getInt();
        int at = in.take(length);
        return JdkObjects.read(in.array(), at, length, loader, allowed);
      }
      return new Decoder(this, in).read(tag, 0);
    } catch (RuntimeException | LinkageError e) {
      throw new InvalidObjectException("the bytes make no object: " + explained(e), e);
    }
  }

  /// An error with what has led to it, if it does not say so itself: of a static initialiser that fails, that is
  /// all there is to know.
  private static String explained(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof ExceptionInInitializerError && cause != null
        ? failure + ": " + cause
        : failure.toString();
  }

  Class<?> resolve(String name, @Nullable ClassLoader from)
      throws IOException, ClassNotFoundException {
    require(name);
    if (!Objects.equals(from, loader)) {
      return ClassLookup.find(name, from, loader);
    }
    Class<?> known = classes.get(name);
    if (known == null) {
      known = ClassLookup.find(name, from, loader);
      if (!ClassLookup.isPrefixed(name)) { // such a class goes when nothing of its loader is left
        classes.put(name, known);
      }
    }
    return known;
  }

  /// Refuses what may not arrive.
  void require(String name) throws InvalidClassException {
    if (allowed != null && !allowed.test(element(name))) {
      throw new InvalidClassException(name, ClassLookup.NOT_TAKEN);
    }
  }

  /// The class of an array's elements: `[[Lp.C;` is an array of arrays of `p.C`.
  private static String element(String name) {
    int dimensions = name.lastIndexOf('[') + 1;
    return dimensions > 0 && name.endsWith(";")
        ? name.substring(dimensions + 1, name.length() - 1)
        : name;
  }

  LambdaSite site(int hash, byte[] array, int at, int length, Decoder decoder)
      throws IOException, ClassNotFoundException {
    if (allowed != null) { // it may name any method
      throw new InvalidClassException("lambdas are not taken here");
    }
    int slot = hash & (SITES - 1);
    LambdaSite known = sites[slot];
    if (!decoder.isOutermost() || known == null || !known.matches(array, at, at + length)) {
      known = LambdaSite.parse(Arrays.copyOfRange(array, at, at + length), decoder);
      if (decoder.isOutermost()) {
        sites[slot] = known;
      }
    }
    return known;
  }
}

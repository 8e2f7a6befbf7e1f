package io.procession.serial;

import io.procession.internal.check.Require;
import java.io.IOException;
import java.io.Serializable;
import java.io.StreamCorruptedException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Turns objects into bytes and back.
///
/// A codec is stateless as far as its callers can see and safe for use by many threads at once; the
/// sink and the source of one call belong to the calling thread. It is sent to other processes
/// along with the queue or pool that uses it, hence [Serializable].
public interface Codec extends Serializable {

  /// Appends the bytes of a value to a sink.
  ///
  /// @param value the value, may be null
  /// @param out where the bytes go; when this method throws, its length is what it was before
  /// @throws NotSendableException if the value or something it refers to cannot be sent
  void encode(@Nullable Object value, ByteSink out);

  /// Reads one value and moves the source behind it.
  ///
  /// @param in the source, at the first byte that [#encode] wrote
  /// @return the value
  /// @throws StreamCorruptedException if the bytes are not what `encode` writes
  /// @throws IOException if an object refused to be rebuilt, or a filter refused it
  /// @throws ClassNotFoundException if a class is missing in this process
  @Nullable Object decode(ByteSource in) throws IOException, ClassNotFoundException;

  /// The codec that is used unless another is chosen: fast ways for everyday values, JDK
  /// serialization behind a filter for the rest. Classes are looked up through the class loader
  /// of the library.
  ///
  /// @return the codec
  static Codec standard() {
    return StandardCodec.INSTANCE;
  }

  /// The standard codec, with another class loader: for a process whose own classes are not those
  /// that the library's loader finds (`java Main.java`, an application server). Sent to another
  /// process it becomes the standard codec of that process.
  ///
  /// @param loader what looks up the classes of arriving objects
  /// @return a codec
  static Codec standard(ClassLoader loader) {
    return new StandardCodec(loader, null);
  }

  /// The standard codec, for objects from somebody who is not trusted with every class: it decodes
  /// objects of some classes only. Values that it has a fast way for (boxed numbers, strings, arrays of
  /// primitives, lists and maps of such) are of no class in this sense; lambdas are never decoded. What
  /// is encoded is not limited.
  ///
  /// @param allowed by a class's name, whether its objects are decoded
  /// @return a codec
  static Codec standard(Predicate<String> allowed) {
    return new StandardCodec(
        StandardCodec.class.getClassLoader(), Require.notNull("allowed", allowed));
  }
}

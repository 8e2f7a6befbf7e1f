package io.procession.queue;

import io.procession.internal.ring.MessageRing;
import io.procession.serial.ByteSink;
import io.procession.serial.ByteSource;
import io.procession.serial.Codec;
import io.procession.serial.LargeArrays;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Turns the elements of one queue into bytes and back, with a sink kept for the next call.
final class ElementCodec<E> {
  private final Codec codec;
  private final String queue;
  private final AtomicReference<@Nullable ByteSink> spare = new AtomicReference<>();

  ElementCodec(Codec codec, String queue) {
    this.codec = codec;
    this.queue = queue;
  }

  /// The bytes of an element, in a sink that is the caller's until [#recycle]. Its long arrays stay where
  /// they are until then.
  ByteSink encode(E element) {
    ByteSink kept = spare.getAndSet(null);
    ByteSink sink = kept != null ? kept : new ByteSink().keepingHandles().keepingArrays();
    boolean encoded = false;
    try {
      codec.encode(element, sink);
      encoded = true;
    } finally {
      if (!encoded) {
        recycle(sink);
      }
    }
    return sink;
  }

  void recycle(ByteSink sink) {
    sink.reset();
    spare.setRelease(sink);
  }

  E decode(byte[] bytes) {
    return decode(bytes, null);
  }

  /// @param arrays long arrays that were taken out of the bytes, null for none
  @SuppressWarnings("unchecked") // what was put is an E
  E decode(byte[] bytes, @Nullable LargeArrays arrays) {
    try {
      Object element = codec.decode(new ByteSource(bytes, 0, arrays));
      if (element == null) {
        throw new IllegalStateException("an element of " + queue + " was rebuilt as null");
      }
      return (E) element;
    } catch (IOException e) {
      throw new IllegalStateException(
          "an element of " + queue + " cannot be rebuilt in this process: " + e.getMessage(), e);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(
          "an element of " + queue + " is of a class that this process lacks: " + e.getMessage(),
          e);
    } finally {
      MessageRing.decoded(bytes);
    }
  }
}

package io.procession.manager;

import io.procession.internal.check.Require;
import io.procession.internal.remote.Remote;
import io.procession.serial.ByteSink;
import io.procession.serial.ByteSource;
import io.procession.serial.Codec;
import io.procession.serial.Handle;
import io.procession.serial.SerializableBiFunction;
import io.procession.serial.SerializableCallable;
import io.procession.serial.SerializableFunction;
import io.procession.serial.SerializableRunnable;
import io.procession.serial.SerializableTriFunction;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A function, or an input of one, as bytes that are first read where the function runs.
///
/// The server passes it on. If it read it, proxies of its own objects in there would become the objects
/// themselves, which are of no use in a worker.
///
/// No record: of others than the session the server takes every record that its methods name, and it shall
/// not take this.
@SuppressWarnings("unchecked") // what is packed is what it is used as
final class Packed
    implements SerializableCallable<@Nullable Object>,
        SerializableFunction<@Nullable Object, @Nullable Object>,
        SerializableBiFunction<@Nullable Object, @Nullable Object, @Nullable Object>,
        SerializableTriFunction<
            @Nullable Object, @Nullable Object, @Nullable Object, @Nullable Object>,
        SerializableRunnable {
  private static final long serialVersionUID = 1L;

  private final byte[] bytes;
  private transient volatile @Nullable Object content;

  private Packed(byte[] bytes) {
    this.bytes = bytes;
  }

  /// Packs what can be sent.
  ///
  /// @throws io.procession.serial.NotSendableException if it cannot
  static Packed of(Object content) {
    ByteSink sink = new ByteSink();
    Codec.standard().encode(content, sink);
    sink.handles().forEach(Handle::leave);
    return new Packed(sink.toByteArray());
  }

  /// A function and what it is applied to.
  static Packed of(SerializableFunction<? super Object, ?> function, @Nullable Object argument) {
    return of(new Application(function, argument));
  }

  /// Reads inputs of a function to the end of the shortest, and packs those that are proxies.
  ///
  /// @return as many lists as inputs, all of one length
  static List<List<@Nullable Object>> inputs(Iterable<?>... inputs) {
    List<Iterator<?>> iterators = new ArrayList<>(inputs.length);
    List<List<@Nullable Object>> packed = new ArrayList<>(inputs.length);
    for (Iterable<?> each : inputs) {
      iterators.add(Require.notNull("inputs", each).iterator());
      packed.add(new ArrayList<>());
    }
    while (iterators.stream().allMatch(Iterator::hasNext)) {
      for (int i = 0; i < inputs.length; i++) {
        Object input = iterators.get(i).next();
        packed.get(i).add(input instanceof Remote ? of(input) : input);
      }
    }
    return packed;
  }

  private record Application(
      SerializableFunction<? super Object, ?> function, @Nullable Object argument)
      implements SerializableCallable<@Nullable Object> {
    @Override
    public @Nullable Object call() throws Exception {
      return ((SerializableFunction<@Nullable Object, ?>) function).apply(argument);
    }
  }

  @Override
  public @Nullable Object call() throws Exception {
    return ((SerializableCallable<?>) content()).call();
  }

  @Override
  public @Nullable Object apply(@Nullable Object argument) throws Exception {
    return ((SerializableFunction<@Nullable Object, ?>) content()).apply(unpacked(argument));
  }

  @Override
  public @Nullable Object apply(@Nullable Object first, @Nullable Object second) throws Exception {
    return ((SerializableBiFunction<@Nullable Object, @Nullable Object, ?>) content())
        .apply(unpacked(first), unpacked(second));
  }

  @Override
  public @Nullable Object apply(
      @Nullable Object first, @Nullable Object second, @Nullable Object third) throws Exception {
    return ((SerializableTriFunction<@Nullable Object, @Nullable Object, @Nullable Object, ?>)
            content())
        .apply(unpacked(first), unpacked(second), unpacked(third));
  }

  @Override
  public void run() throws Exception {
    ((SerializableRunnable) content()).run();
  }

  private static @Nullable Object unpacked(@Nullable Object input)
      throws IOException, ClassNotFoundException {
    return input instanceof Packed packed ? packed.content() : input;
  }

  private Object content() throws IOException, ClassNotFoundException {
    Object known = content;
    if (known == null) {
      known = Codec.standard().decode(new ByteSource(bytes));
      if (known == null) {
        throw new IOException("nothing was packed");
      }
      content = known;
    }
    return known;
  }

  @Override
  public String toString() {
    return "Packed[" + bytes.length + " bytes]";
  }
}

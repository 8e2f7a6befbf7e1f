package io.procession.serial;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Copies of objects: by the codec under test, and by the JDK for comparison.
final class Copies {
  private Copies() {}

  static byte[] bytes(@Nullable Object value) {
    var out = new ByteSink();
    out.putInt(0xCAFE);
    Codec.standard().encode(value, out);
    return Arrays.copyOfRange(out.array(), 4, out.length());
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals", "NullAway"}) // T may be null
  static <T extends @Nullable Object> T read(byte[] bytes)
      throws IOException, ClassNotFoundException {
    var in = new ByteSource(bytes);
    Object value = Codec.standard().decode(in);
    assertThat(in.remaining()).isZero();
    return (T) value;
  }

  static <T extends @Nullable Object> T copy(T value) throws IOException, ClassNotFoundException {
    return read(bytes(value));
  }

  /// The copy, which must have been made without JDK serialization.
  static <T extends @Nullable Object> T fastCopy(T value)
      throws IOException, ClassNotFoundException {
    byte[] bytes = bytes(value);
    assertThat(bytes[0]).as("tag").isNotEqualTo((byte) Tag.JDK);
    return read(bytes);
  }

  /// The copy, which must have been made by JDK serialization.
  static <T extends @Nullable Object> T jdkCopy(T value)
      throws IOException, ClassNotFoundException {
    byte[] bytes = bytes(value);
    assertThat(bytes[0]).as("tag").isEqualTo((byte) Tag.JDK);
    return read(bytes);
  }

  /// What JDK serialization alone would make of it.
  @SuppressWarnings("BanSerializableRead") // bytes of this very method
  static Object reference(Object value) throws IOException, ClassNotFoundException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return in.readObject();
    }
  }
}

package io.procession.serial;

import java.io.IOException;
import java.io.InvalidObjectException;
import org.jspecify.annotations.Nullable;

/// Fast ways for everyday values, JDK serialization for the rest.
final class StandardCodec implements Codec {
  static final StandardCodec INSTANCE = new StandardCodec();

  private static final long serialVersionUID = 1L;

  private static final int NULL = 1;
  private static final int INT = 2;
  private static final int LONG = 3;
  private static final int STRING = 4;
  private static final int BYTES = 5;
  private static final int JDK = 6;

  private StandardCodec() {}

  private Object readResolve() {
    return INSTANCE;
  }

  @Override
  public void encode(@Nullable Object value, ByteSink out) {
    int start = out.length();
    switch (value) {
      case null -> out.putByte(NULL);
      case Integer i -> {
        out.putByte(INT);
        out.putInt(i);
      }
      case Long l -> {
        out.putByte(LONG);
        out.putLong(l);
      }
      case String s -> {
        out.putByte(STRING);
        out.putString(s);
      }
      case byte[] b -> {
        out.putByte(BYTES);
        out.putVarInt(b.length);
        out.putBytes(b);
      }
      default -> {
        try {
          out.putByte(JDK);
          int at = out.extend(Integer.BYTES);
          JdkObjects.write(value, out);
          out.setInt(at, out.length() - at - Integer.BYTES);
        } catch (IOException | RuntimeException | StackOverflowError e) {
          out.truncate(start);
          throw new NotSendableException("not serializable: " + e.getMessage(), e);
        }
      }
    }
  }

  @Override
  public @Nullable Object decode(ByteSource in) throws IOException, ClassNotFoundException {
    int tag = in.getByte();
    try {
      return switch (tag) {
        case NULL -> null;
        case INT -> in.getInt();
        case LONG -> in.getLong();
        case STRING -> in.getString();
        case BYTES -> in.getBytes(in.getCount(1));
        case JDK -> {
          int length = in.getInt();
          int at = in.take(length);
          yield JdkObjects.read(in.array(), at, length, StandardCodec.class.getClassLoader());
        }
        default -> throw in.corrupt("unknown tag: tag=" + tag);
      };
    } catch (RuntimeException e) {
      throw new InvalidObjectException("cannot be rebuilt: " + e, e);
    }
  }
}

package io.procession.serial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StreamCorruptedException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ByteSinkTest {

  @Property
  void everyNumberComesBack(
      @ForAll byte b, @ForAll short s, @ForAll int i, @ForAll long l, @ForAll double d)
      throws Exception {
    var sink = new ByteSink(0);
    sink.putByte(b);
    sink.putShort(s);
    sink.putInt(i);
    sink.putLong(l);
    sink.putDouble(d);
    sink.putFloat((float) d);
    sink.putVarInt(i);
    sink.putBoolean(i > 0);
    var source = new ByteSource(sink.array(), 0, sink.length());
    assertThat(source.getByte()).isEqualTo(b);
    assertThat(source.getShort()).isEqualTo(s);
    assertThat(source.getInt()).isEqualTo(i);
    assertThat(source.getLong()).isEqualTo(l);
    assertThat(source.getDouble()).isEqualTo(d);
    assertThat(source.getFloat()).isEqualTo((float) d);
    assertThat(source.getVarInt()).isEqualTo(i);
    assertThat(source.getBoolean()).isEqualTo(i > 0);
    assertThat(source.remaining()).isZero();
    assertThat(source.position()).isEqualTo(sink.length());
  }

  @Property
  void everyStringComesBack(@ForAll String text) throws Exception {
    var sink = new ByteSink();
    sink.putString(text);
    assertThat(new ByteSource(sink.toByteArray()).getString()).isEqualTo(text);
  }

  @Property
  void everyPrefixOfAStringIsCorrupt(@ForAll String text) {
    var sink = new ByteSink();
    sink.putString(text);
    for (int length = 0; length < sink.length(); length++) {
      var source = new ByteSource(sink.array(), 0, length);
      assertThatThrownBy(source::getString).isInstanceOf(StreamCorruptedException.class);
    }
  }

  @Test
  void numbersAreLittleEndian() {
    var sink = new ByteSink();
    sink.putInt(0x01020304);
    assertThat(sink.toByteArray()).containsExactly(4, 3, 2, 1);
  }

  @Test
  void aNumberWrittenBeforeCanBeReplaced() throws Exception {
    var sink = new ByteSink();
    int at = sink.extend(4);
    sink.putByte(9);
    sink.setInt(at, 77);
    var source = new ByteSource(sink.toByteArray());
    assertThat(source.getInt()).isEqualTo(77);
    assertThatThrownBy(() -> sink.setInt(2, 1)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void truncateForgetsTheTail() {
    var sink = new ByteSink();
    sink.putLong(1);
    sink.truncate(3);
    assertThat(sink.length()).isEqualTo(3);
    assertThatThrownBy(() -> sink.truncate(4)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void resetKeepsMemoryUpToOneMebibyte() {
    var sink = new ByteSink();
    sink.extend(1 << 20);
    sink.reset();
    assertThat(sink.array()).hasSize(1 << 20);
    sink.extend((1 << 20) + 1);
    sink.reset();
    assertThat(sink.array()).hasSizeLessThan(1 << 20);
    assertThat(sink.length()).isZero();
  }

  @Test
  void theLimitIsNamed() {
    var sink = new ByteSink();
    sink.putByte(1);
    assertThatThrownBy(() -> sink.ensure(ByteSink.MAX_LENGTH))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("value too large for one message: needed=2147483640 bytes, limit=2147483639");
    assertThatThrownBy(() -> sink.ensure(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ByteSink(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatIsTooLongIsNotBuilt() {
    var sink = new ByteSink().limitedTo(1 << 20);
    List<Object> much = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      much.add(new byte[100_000]);
    }
    var refusing = new Object[] {much, new BitSet()}; // by JDK serialization
    for (Object value : List.of(much, refusing, new byte[1 << 21])) {
      assertThat(sink.wasOverfull()).isFalse();
      assertThatThrownBy(() -> Codec.standard().encode(value, sink))
          .isInstanceOf(NotSendableException.class)
          .hasMessageContaining("value too large for one message: needed=")
          .hasMessageContaining("limit=1048576");
      assertThat(sink.wasOverfull()).isTrue();
      assertThat(sink.length()).isZero();
      assertThat(sink.array()).hasSizeLessThanOrEqualTo(1 << 20);
      sink.reset();
    }
    sink.putBytes(new byte[1 << 20]);
    assertThat(sink.wasOverfull()).isFalse();
    assertThatThrownBy(() -> sink.limitedTo(0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aSourceNamesTheOffset() {
    var source = new ByteSource(new byte[] {0, 1, 2, 3, 4}, 1, 3);
    assertThatThrownBy(source::getInt)
        .isInstanceOf(StreamCorruptedException.class)
        .hasMessage("too few bytes: needed=4, left=3 at offset=0");
    assertThatThrownBy(() -> source.getBytes(-1)).hasMessageContaining("negative size: size=-1");
  }

  @Test
  void aSourceCanBeUsedAgain() throws Exception {
    byte[] first = {1, 2};
    var source = new ByteSource(first);
    source.skip(2);
    source.reset(first, 1, 1);
    assertThat(source.getByte()).isEqualTo((byte) 2);
    source.reset(new byte[] {7}, 0, 1);
    assertThat(source.getByte()).isEqualTo((byte) 7);
  }

  @Test
  void neitherTrueNorFalseIsCorrupt() {
    assertThatThrownBy(() -> new ByteSource(new byte[] {2}).getBoolean())
        .isInstanceOf(StreamCorruptedException.class);
    assertThatThrownBy(() -> new ByteSource(new byte[] {-1, -1, -1, -1, -1, 1}).getVarInt())
        .hasMessageContaining("more than five bytes");
    assertThatThrownBy(() -> new ByteSource(new byte[] {5, 0}).getString())
        .hasMessageContaining("length=2");
  }
}

package io.procession.internal.arena;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlackBoxTest {
  private static final int SELF = ParticipantLayout.participant(3, 2);

  @TempDir Path folder;
  private RandomAccessFile arena;

  @BeforeEach
  void makeSparseFile() throws IOException {
    arena = new RandomAccessFile(folder.resolve("arena").toFile(), "rw");
    arena.setLength(HeaderLayout.UNITS_AT);
  }

  @AfterEach
  void closeFile() throws IOException {
    arena.close();
  }

  @Test
  void lastBytesAreThereWhateverTheSizesOfWrites() throws IOException {
    BlackBox box = box(SELF);
    StringBuilder all = new StringBuilder();
    for (int size : new int[] {1, 7, 4000, 79, 1, 3000, 1080, 4080, 4081, 10_000, 3}) {
      byte[] bytes = new byte[size + 5];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) ('a' + (all.length() + i) % 26);
      }
      box.write(bytes, 2, size);
      all.append(new String(bytes, 2, size, StandardCharsets.US_ASCII));
      String last = all.substring(Math.max(0, all.length() - BlackBox.CAPACITY));
      assertThat(read(SELF)).isEqualTo(last);
    }
  }

  @Test
  void wordsOfAFormerTenantAreNotTheNextOnes() throws IOException {
    box(SELF).write("former".getBytes(StandardCharsets.US_ASCII), 0, 6);
    int next = ParticipantLayout.participant(3, 3);
    assertThat(read(next)).isEmpty();
    box(next).write("now".getBytes(StandardCharsets.US_ASCII), 0, 3);
    assertThat(read(next)).isEqualTo("now");
    assertThat(read(SELF)).isEmpty();
  }

  @Test
  void boxesOfAllRowsLieApart() {
    int last = ParticipantLayout.participant(ParticipantLayout.ROWS - 1, 1);
    assertThat(BlackBoxLayout.at(last) + BlackBoxLayout.BOX_BYTES).isEqualTo(HeaderLayout.UNITS_AT);
    assertThat(
            HeaderLayout.USER_SETS_TABLE_AT
                + (long) HeaderLayout.USER_SET_SLOTS * UserSets.SLOT_BYTES)
        .isLessThanOrEqualTo(HeaderLayout.BLACK_BOXES_AT);
  }

  private BlackBox box(int participant) throws IOException {
    return new BlackBox(arena, participant);
  }

  private String read(int participant) throws IOException {
    try (Arena scope = Arena.ofConfined()) {
      MemorySegment memory =
          arena.getChannel().map(FileChannel.MapMode.READ_ONLY, 0, HeaderLayout.UNITS_AT, scope);
      return new String(BlackBox.read(memory, participant), StandardCharsets.US_ASCII);
    }
  }
}

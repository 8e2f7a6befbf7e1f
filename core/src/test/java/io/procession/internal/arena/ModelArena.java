package io.procession.internal.arena;

import io.procession.internal.posix.WordWait;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// An arena of this JVM alone, with participants that are threads, for the crash model.
///
/// The memory is one sparse file for all arenas that follow each other: what the last one has
/// touched is zeroed. A model uses the first few rows, cells and units only.
public final class ModelArena {
  private static final int ROWS = 24;
  private static final int CELLS = 64;
  private static final int UNITS = 64;
  private static final int SLOTS = 8;
  private static final int NOTES = 8;
  private static final MemorySegment MEMORY = map();

  private final WordWait waiting;
  private final Session root;

  /// A fresh arena with its first participant, the root, which outlives all others.
  public ModelArena(WordWait waiting) {
    this.waiting = waiting;
    zero();
    Membership self = Session.format(MEMORY, "model", waiting);
    this.root = Session.over(MEMORY, self, waiting);
  }

  /// The session as the root sees it.
  public Session root() {
    return root;
  }

  /// Another participant, child of the root. It has no process: it dies when the model says so.
  public Session enroll(String name) {
    int participant = root.participants().enroll(name);
    return Session.over(MEMORY, new Membership("model", root.id(), participant), waiting);
  }

  /// What the parent of the dead does, everything at once.
  public void bury(Session dead) {
    root.burials().bury(dead.self());
  }

  /// Names who is told of each access to shared words from now on; null for nobody.
  public static void watch(Runnable beforeLoad, Runnable beforeStore) {
    Steps.watch(
        new Steps.Watcher() {
          @Override
          public void beforeLoad() {
            beforeLoad.run();
          }

          @Override
          public void beforeStore() {
            beforeStore.run();
          }
        });
  }

  /// Tells nobody any more.
  public static void unwatch() {
    Steps.watch(null);
  }

  private static void zero() {
    int units = Words.getInt(MEMORY, HeaderLayout.UNITS_USED_AT);
    if (units > UNITS) {
      throw new AssertionError("a model uses few units: units=" + units);
    }
    fill(0, HeaderLayout.PARTICIPANTS_AT);
    fill(HeaderLayout.PARTICIPANTS_AT, (long) ROWS * ParticipantLayout.ROW_BYTES);
    fill(HeaderLayout.NOTES_AT, (long) NOTES * WaitNotes.SLOT_BYTES);
    fill(HeaderLayout.UNIT_TABLE_AT, (long) UNITS * Integer.BYTES);
    fill(HeaderLayout.CELLS_AT, (long) CELLS * CellLayout.CELL_BYTES);
    fill(HeaderLayout.USER_SETS_TABLE_AT, (long) SLOTS * UserSets.SLOT_BYTES);
    fill(HeaderLayout.UNITS_AT, (long) units * HeaderLayout.UNIT_BYTES);
  }

  private static void fill(long at, long bytes) {
    MEMORY.asSlice(at, bytes).fill((byte) 0);
  }

  private static MemorySegment map() {
    try {
      Path file = Files.createTempFile("model", ".arena");
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        return channel.map(
            FileChannel.MapMode.READ_WRITE, 0, HeaderLayout.MIN_CAPACITY, Arena.global());
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

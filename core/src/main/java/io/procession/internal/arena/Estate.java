package io.procession.internal.arena;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Objects that end together: when the estate is closed, or when the process that has made them has
/// ended, however that came.
///
/// The cells of what [#make] makes say that they end with their maker: whoever buries that destroys
/// them, sent or not. Memory with a public name has no cell; for it the keeper of its name says so,
/// and one cell of the estate says that there are such names. Safe for all threads.
public final class Estate {
  private static final ScopedValue<Making> UNDERWAY = ScopedValue.newInstance();

  private static final int FEW = 64;

  private final String owner;
  private final Directory directory;
  private final List<Item> items = new ArrayList<>(); // guarded by this
  private int manyItems = FEW; // guarded by this
  private boolean isClosed; // guarded by this
  private @Nullable CellRef names; // guarded by this

  /// Something that was made.
  ///
  /// @param cells its cells, or none if it has none
  private record Item(List<CellRef> cells, Runnable destroyer) {
    boolean isGone(Directory directory) {
      for (CellRef cell : cells) {
        if (directory.isThere(cell)) {
          return false;
        }
      }
      return !cells.isEmpty();
    }
  }

  /// What a thread makes at this moment.
  private record Making(Estate estate, List<CellRef> cells) {}

  private Estate(String owner, Directory directory) {
    this.owner = owner;
    this.directory = directory;
  }

  /// Opens an estate of this process.
  ///
  /// @param owner whose it is, for messages
  public static Estate open(String owner) {
    Directory directory = Session.current().directory();
    directory.expectEstates();
    return new Estate(owner, directory);
  }

  /// Notes a cell that this thread has just claimed, if it does so for an estate.
  static void note(MemorySegment memory, CellRef cell) {
    if (UNDERWAY.isBound()) {
      UNDERWAY.get().cells.add(cell);
      Words.setInt(memory, CellLayout.at(cell.cell()) + CellLayout.ENDS_AT, CellLayout.WITH_MAKER);
    }
  }

  /// Notes that this thread is about to make memory with a public name, if it does so for an estate.
  ///
  /// @return whether it does, so that the name goes with this process
  static boolean noteName() {
    if (!UNDERWAY.isBound()) {
      return false;
    }
    UNDERWAY.get().estate.expectNames();
    return true;
  }

  /// From here on whoever buries this process looks for names that it has left.
  private synchronized void expectNames() {
    if (names == null) {
      names = directory.ref(directory.allocate(CellKind.NAMES, owner));
    }
  }

  /// Makes an object of the estate.
  ///
  /// @param maker makes it; all cells that it claims on this thread, and all names, are of the estate
  /// @param destroyer destroys it when the estate is closed
  /// @throws IllegalStateException if the estate is closed
  public <T> T make(Supplier<? extends T> maker, Consumer<? super T> destroyer) {
    requireOpen();
    List<CellRef> cells = new ArrayList<>();
    T made = ScopedValue.where(UNDERWAY, new Making(this, cells)).call(maker::get);
    add(new Item(cells, () -> destroyer.accept(made)));
    return made;
  }

  private synchronized void requireOpen() {
    if (isClosed) {
      throw new IllegalStateException(
          "closed in this process: manager=" + owner + "; it makes nothing any more");
    }
  }

  private void add(Item item) {
    boolean isLate;
    synchronized (this) {
      isLate = isClosed;
      if (!isLate) {
        if (items.size() >= manyItems) {
          items.removeIf(old -> old.isGone(directory));
          manyItems = Math.max(FEW, 2 * items.size());
        }
        items.add(item);
      }
    }
    if (isLate) {
      item.destroyer.run();
      requireOpen();
    }
  }

  /// How many objects it has that were not destroyed by others.
  public synchronized int size() {
    items.removeIf(item -> item.isGone(directory));
    return items.size();
  }

  /// Destroys all its objects, the last made first. Again it does nothing.
  ///
  /// @throws RuntimeException the first that one of the destroyers throws, after all have run
  public void close() {
    List<Item> last;
    CellRef noted;
    synchronized (this) {
      isClosed = true;
      last = new ArrayList<>(items).reversed();
      items.clear();
      noted = names;
      names = null;
    }
    RuntimeException failure = null;
    for (Item item : last) {
      try {
        item.destroyer.run();
      } catch (RuntimeException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
    if (noted != null) {
      directory.free(noted);
    }
  }
}

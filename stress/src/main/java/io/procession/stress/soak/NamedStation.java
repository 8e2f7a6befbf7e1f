package io.procession.stress.soak;

import static io.procession.stress.soak.Roster.DONE;
import static io.procession.stress.soak.Rules.require;

import io.procession.shared.SharedMemory;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;

/// Memory under a few public names, made and unlinked by anybody.
///
/// @param prefix of the names
record NamedStation(int index, String name, String prefix) implements Station {
  private static final int NAMES = 3;
  private static final int PAGE = 4096;

  @Override
  public void step(Turn turn) {
    String one = prefix + turn.upTo(NAMES);
    try {
      if (turn.oneIn(2)) {
        create(turn, one);
      } else {
        attach(turn, one);
      }
      turn.count(index, DONE);
    } catch (UncheckedIOException e) {
      boolean isAsIt =
          e.getCause() instanceof FileAlreadyExistsException
              || e.getCause() instanceof NoSuchFileException;
      require(isAsIt, "a name is taken or free", "name", one, "said", e);
    }
  }

  private static void create(Turn turn, String name) {
    try (SharedMemory memory = SharedMemory.create(name, (1L + turn.upTo(4)) * PAGE)) {
      for (long at = 0; at < memory.size(); at += Long.BYTES) {
        require(
            memory.segment().get(ValueLayout.JAVA_LONG, at) == 0, "new memory is zero", "at", at);
        memory.segment().set(ValueLayout.JAVA_LONG, at, turn.signature());
      }
      if (turn.oneIn(2)) {
        boolean _ = memory.unlink();
      }
    }
  }

  private static void attach(Turn turn, String name) {
    try (SharedMemory memory = SharedMemory.attach(name)) {
      require(memory.size() % PAGE == 0, "it has its size", "size", memory.size());
      long writer = 0;
      for (long at = 0; at < memory.size(); at += Long.BYTES) {
        long seen = memory.segment().get(ValueLayout.JAVA_LONG, at);
        require(
            seen == 0 || writer == 0 || seen == writer,
            "one has written it",
            "one",
            writer,
            "other",
            seen);
        writer = seen != 0 ? seen : writer;
      }
      if (turn.oneIn(2)) {
        boolean _ = memory.unlink();
      }
    }
  }

  @Override
  public void verify(Turn turn, int processes) {
    destroy();
  }

  @Override
  public void destroy() {
    for (int i = 0; i < NAMES; i++) {
      try (SharedMemory memory = SharedMemory.attach(prefix + i)) {
        boolean _ = memory.unlink();
      } catch (UncheckedIOException e) {
        require(e.getCause() instanceof NoSuchFileException, "a name is taken or free", "said", e);
      }
    }
  }
}

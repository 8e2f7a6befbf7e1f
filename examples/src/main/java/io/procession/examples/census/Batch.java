package io.procession.examples.census;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/// Some class files, counted together: one task of a worker. Counting has no effect but its result, so
/// a batch may be counted again when the worker that had it died.
///
/// @param number its place in the list of all batches
/// @param paths the class files, as [JdkImage] names them
record Batch(int number, List<String> paths) implements Serializable {
  private static final int MOST_PATHS = 48;
  private static final int FEWEST_BATCHES_PER_WORKER = 8;

  Batch {
    paths = List.copyOf(paths);
  }

  /// Splits `paths` into batches of some dozens; of fewer if there are too few paths to keep so many
  /// workers busy.
  static List<Batch> split(List<String> paths, int workers) {
    long shares = (long) workers * FEWEST_BATCHES_PER_WORKER;
    int size = Math.clamp(paths.size() / shares, 1, MOST_PATHS);
    List<Batch> batches = new ArrayList<>();
    for (int from = 0; from < paths.size(); from += size) {
      int to = Math.min(from + size, paths.size());
      batches.add(new Batch(batches.size(), paths.subList(from, to)));
    }
    return batches;
  }

  static int classesOf(List<Batch> batches) {
    return batches.stream().mapToInt(batch -> batch.paths().size()).sum();
  }

  /// Counts the class files, in whatever process this is called.
  BatchCount count() throws IOException {
    TallyBuilder tally = new TallyBuilder();
    for (String path : paths) {
      try {
        PerProcess.COUNTER.count(JdkImage.moduleOf(path), JdkImage.read(path), tally);
      } catch (IllegalArgumentException e) {
        throw new IOException("not a class file that this JDK can read: path=" + path, e);
      }
    }
    return new BatchCount(number, ProcessHandle.current().pid(), tally.build());
  }

  /// One counter for each process: what it learns of the class hierarchy serves all batches.
  private static final class PerProcess {
    static final ClassFileCounter COUNTER = new ClassFileCounter();
  }
}

package io.procession.internal.arena;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Paths for files of this process that nobody else may see, in a folder that is made for the first
/// one and goes with the process, however it ends.
public final class PrivateFiles {
  private static @Nullable PrivateFolder folder; // guarded by this class
  private static int count;

  private PrivateFiles() {}

  /// A path at which nothing is yet. It is short.
  ///
  /// @throws UncheckedIOException if the folder cannot be made
  public static synchronized Path fresh() {
    PrivateFolder ours = folder;
    if (ours == null) {
      ours = PrivateFolder.create();
      folder = ours;
    }
    count++;
    return ours.path().resolve(Integer.toString(count));
  }
}

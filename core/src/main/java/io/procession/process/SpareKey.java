package io.procession.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/// What must be the same for a spare to be what a process asks for.
///
/// @param plan what decides its JVM: flags, properties, environment, folder, output
/// @param preloaded the classes that it has loaded and initialized
/// @param classes sizes and times of the entries of its class path, so that nobody gets a spare with
///     the old classes in it
record SpareKey(LaunchPlan plan, List<String> preloaded, String classes) {
  static SpareKey of(LaunchPlan plan, List<String> preloaded) {
    return new SpareKey(plan, preloaded, state(plan.entries()));
  }

  private static String state(List<String> entries) {
    StringBuilder state = new StringBuilder(entries.size() * 24);
    for (String entry : entries) {
      try {
        BasicFileAttributes file = Files.readAttributes(Path.of(entry), BasicFileAttributes.class);
        state.append(file.size()).append(' ').append(file.lastModifiedTime().toMillis());
      } catch (IOException e) {
        state.append('-'); // it is not there
      }
      state.append(File.pathSeparatorChar);
    }
    return state.toString();
  }
}

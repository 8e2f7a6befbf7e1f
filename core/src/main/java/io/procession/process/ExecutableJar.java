package io.procession.process;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/// What `java -jar` takes from a jar's manifest besides the class to run. A child that has the same
/// jar on its class path gets it by flags.
final class ExecutableJar {
  private ExecutableJar() {}

  /// The flags that stand in the manifest, none if this JVM was not started by `-jar`.
  ///
  /// @param classPath the class path, which is the jar alone then
  /// @param command the command line from the jar or main class on
  static List<String> flags(String classPath, String command) {
    if (!isRun(classPath, command)) {
      return List.of();
    }
    List<String> flags = new ArrayList<>();
    try (JarFile jar = new JarFile(classPath)) {
      Manifest manifest = jar.getManifest();
      if (manifest != null) {
        Attributes attributes = manifest.getMainAttributes();
        add(flags, "--add-exports=", attributes.getValue("Add-Exports"));
        add(flags, "--add-opens=", attributes.getValue("Add-Opens"));
      }
    } catch (IOException e) {
      // it can no longer be read: then the child will say so
    }
    return flags;
  }

  /// Whether this JVM was started by `-jar`: see [#flags].
  static boolean isRun(String classPath, String command) {
    return !classPath.isEmpty()
        && (command.equals(classPath) || command.startsWith(classPath + " "));
  }

  private static void add(List<String> flags, String option, @Nullable String packages) {
    if (packages != null) {
      for (String name : packages.strip().split(" +", -1)) {
        flags.add(option + name + "=ALL-UNNAMED");
      }
    }
  }
}

package io.procession.examples.census;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.constant.ClassDesc;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The class files of the running JDK, as its `jrt:/` file system has them: all of them, whichever
/// modules this JVM happens to have loaded. Paths are strings such as
/// `/modules/java.base/java/lang/Object.class`, good in any process of the same JDK.
final class JdkImage {
  private static final FileSystem FILES = FileSystems.getFileSystem(URI.create("jrt:/"));
  private static final String SUFFIX = ".class";

  private JdkImage() {}

  /// The names of all modules, sorted.
  static List<String> modules() throws IOException {
    try (Stream<Path> modules = Files.list(FILES.getPath("/modules"))) {
      return modules.map(module -> module.getFileName().toString()).sorted().toList();
    }
  }

  /// The paths of all class files of these modules, sorted.
  static List<String> classFiles(Collection<String> modules) throws IOException {
    List<String> paths = new ArrayList<>();
    for (String module : modules) {
      try (Stream<Path> files = Files.walk(FILES.getPath("/modules", module))) {
        files.map(Path::toString).filter(path -> path.endsWith(SUFFIX)).forEach(paths::add);
      }
    }
    return paths.stream().sorted().toList();
  }

  static byte[] read(String path) throws IOException {
    return Files.readAllBytes(FILES.getPath(path));
  }

  /// The module that the class file at `path` belongs to.
  static String moduleOf(String path) {
    return FILES.getPath(path).getName(1).toString();
  }

  /// The class file of a class, whatever module it is in; null if the JDK has none.
  static @Nullable InputStream open(ClassDesc type) {
    if (!type.isClassOrInterface()) {
      return null;
    }
    Path home = FILES.getPath("/packages", type.packageName());
    if (!Files.isDirectory(home)) {
      return null;
    }
    String descriptor = type.descriptorString();
    String file = descriptor.substring(1, descriptor.length() - 1) + SUFFIX;
    try (DirectoryStream<Path> modules = Files.newDirectoryStream(home)) {
      for (Path module : modules) {
        Path path = FILES.getPath("/modules", module.getFileName().toString(), file);
        if (Files.exists(path)) {
          return Files.newInputStream(path);
        }
      }
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package io.procession.pool;

import io.procession.serial.ByteSink;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Saves tasks that have failed, for [Reproduce].
///
/// ```
/// Procession reproducer 1      the first line says what it is
/// name=value                   lines for people and for Reproduce
///                              an empty line
/// bytes                        the message to the worker, TaskLayout
/// ```
final class Reproducers {
  static final String MAGIC = "Procession reproducer 1";
  static final String ELEMENT = "element=";
  static final String ENDING = ".task";

  /// Who has so many of one pool needs no more, and a disk is not without end.
  static final int MOST = 100;

  private final String pool;
  private final Path folder;
  private final AtomicInteger saved = new AtomicInteger();

  Reproducers(String pool, Path folder) {
    this.pool = pool;
    this.folder = folder;
  }

  /// What a task was given to do. With the dispatcher's lock, before it ends.
  ///
  /// @param task its number
  /// @param name its name, null if it has none
  /// @param first the index of its first element among all of its map, -1 if it has none
  /// @param message what was sent; what comes before the function may change
  record Input(long task, @Nullable String name, long first, ByteSink message) {
    Input(Job job) {
      this(
          job.id(),
          job.terms().name(),
          job instanceof ChunkJob chunk ? chunk.first() : -1,
          job.message());
    }
  }

  /// Saves a task.
  ///
  /// @param failure what its owner would be told
  /// @return what its owner is to be told
  TaskException save(Input input, int element, TaskException failure) {
    if (saved.incrementAndGet() > MOST) {
      saved.decrementAndGet();
      return failure.with("no reproducer: this pool has saved " + MOST + ", and saves no more");
    }
    String where;
    Throwable problem = null;
    try {
      where = "reproducer=" + write(input, element, failure);
    } catch (IOException | RuntimeException e) {
      saved.decrementAndGet();
      where = "it could not be saved to " + folder;
      problem = e;
    }
    TaskException told = failure.with(where);
    if (problem != null) {
      told.addSuppressed(problem);
    }
    return told;
  }

  private Path write(Input input, int element, TaskException failure) throws IOException {
    Path parent = folder.toAbsolutePath();
    Files.createDirectories(parent, onlyForOwner(parent));
    long index = input.first() < 0 ? -1 : input.first() + element;
    String what = index < 0 ? "" + input.task() : input.task() + "-element-" + index;
    // such files are their owner's alone
    Path file = Files.createTempFile(parent, pool + "-task-" + what + "-", ENDING);
    StringBuilder text = new StringBuilder(MAGIC);
    line(text, "pool=", pool);
    line(text, "task=", Long.toString(input.task()));
    line(text, "name=", String.valueOf(input.name()));
    line(text, ELEMENT, Integer.toString(element));
    if (index >= 0) {
      line(text, "elementOfMap=", Long.toString(index));
    }
    line(text, "failure=", String.valueOf(failure.getCause()));
    line(text, "java=", Runtime.version().toString());
    line(text, "folder=", System.getProperty("user.dir", ""));
    line(text, "classPath=", classPath());
    line(text, "command=java -cp CLASS_PATH ", Reproduce.class.getName() + " " + file);
    text.append("\n\n");
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write(text.toString().getBytes(StandardCharsets.UTF_8));
      out.write(input.message().array(), 0, input.message().length());
    }
    return file;
  }

  /// As it is from whatever folder. Modules will do on it, too.
  private static String classPath() {
    String modules = System.getProperty("jdk.module.path", "");
    String paths = System.getProperty("java.class.path", "");
    List<String> all = new ArrayList<>();
    for (String path : modules.split(File.pathSeparator, -1)) {
      if (!path.isEmpty()) {
        all.add(new File(path).getAbsolutePath());
        all.add(new File(path, "*").getAbsolutePath()); // it may be a folder of jars
      }
    }
    if (modules.isEmpty() || !paths.isEmpty()) {
      for (String path : paths.split(File.pathSeparator, -1)) {
        all.add(new File(path).getAbsolutePath()); // an empty one is this folder
      }
    }
    return String.join(File.pathSeparator, all);
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append('\n').append(name).append(value.lines().findFirst().orElse(""));
  }

  private static FileAttribute<?>[] onlyForOwner(Path path) {
    if (!path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return new FileAttribute<?>[0];
    }
    Set<PosixFilePermission> owner = PosixFilePermissions.fromString("rwx------");
    return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(owner)};
  }
}

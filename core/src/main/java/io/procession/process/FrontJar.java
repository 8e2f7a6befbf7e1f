package io.procession.process;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDateTime;
import java.util.Enumeration;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/*
 * An archive of classes serves a class path that begins with the jar it was made of. But what stands
 * first is also opened first when the child looks for a class that is in no archive, such as the one its
 * task is in: to read the directory of a jar with hundreds of classes costs a young JVM a seventh of all
 * its work, and it never takes one from there. So the archive is made of a jar of its own, which has the
 * library's classes then and none afterwards. The JVM compares its size and its time, which stay.
 *
 *     while the archive is made                      <key>.jar
 *     class path of a child that has the archive     <key>.jar : the program's class path : our jar
 *
 * A class of ours that the archive lacks, and all of them where the JVM does not take the archive, come from
 * our jar. It is last only if it has nothing of the user's, who knows his classes in their order.
 */
/// The jar that stands first on the class path of children that have an archive: it has no content.
final class FrontJar {
  private static final String OURS = "io/procession/";
  private static final String CLASS = ".class";
  private static final String SELF = OURS + "process/FrontJar.class";
  private static final String SUFFIX = ".jar";
  private static final int KEY_LENGTH = 16;

  /// The same whenever it is made: an archive serves with any of its key.
  private static final FileTime TIME = FileTime.fromMillis(1_000_000_000_000L);

  private static final LocalDateTime ENTRY_TIME = LocalDateTime.of(2001, 9, 9, 0, 0);

  /// The end of a directory without entries, which is a whole jar.
  private static final byte[] END = {
    'P', 'K', 5, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
  };

  private FrontJar() {}

  /// Makes it with the library's classes in it.
  ///
  /// @param front where it will be
  /// @param temporary where it is made
  /// @param jar where the classes come from
  static void fill(Path front, Path temporary, Path jar) throws IOException {
    try (JarFile from = new JarFile(jar.toFile());
        ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(temporary))) {
      Enumeration<JarEntry> entries = from.entries();
      while (entries.hasMoreElements()) {
        JarEntry entry = entries.nextElement();
        if (entry.getName().startsWith(OURS) && entry.getName().endsWith(CLASS)) {
          copy(entry, from, out);
        }
      }
    }
    publish(front, temporary);
  }

  private static void copy(JarEntry entry, JarFile from, ZipOutputStream out) throws IOException {
    ZipEntry copy = new ZipEntry(entry.getName());
    copy.setMethod(ZipEntry.STORED); // so that its size depends on the classes alone
    copy.setSize(entry.getSize());
    copy.setCrc(entry.getCrc());
    copy.setTimeLocal(ENTRY_TIME);
    out.putNextEntry(copy);
    try (InputStream in = from.getInputStream(entry)) {
      in.transferTo(out);
    }
  }

  /// Makes it anew, as large and as old as it is, with nothing in it. It takes no room on the disk.
  static void empty(Path front, Path temporary) throws IOException {
    long size = Files.size(front);
    try (RandomAccessFile file = new RandomAccessFile(temporary.toFile(), "rw")) {
      file.setLength(size);
      file.seek(size - END.length);
      file.write(END);
      file.getFD().sync();
    }
    publish(front, temporary);
  }

  private static void publish(Path front, Path temporary) throws IOException {
    Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-------"));
    Files.setLastModifiedTime(temporary, TIME);
    Files.move(temporary, front, StandardCopyOption.ATOMIC_MOVE);
  }

  /// Whether it is as it was made. The JVM would do without any archive, the JDK's too, if it were not.
  static boolean isWhole(Path front) throws IOException {
    return Files.isRegularFile(front) && Files.getLastModifiedTime(front).equals(TIME);
  }

  /// Whether a place of the library's classes is such a jar.
  static boolean is(String place) {
    File file = new File(place);
    String name = file.getName();
    return name.length() == KEY_LENGTH + SUFFIX.length()
        && name.endsWith(SUFFIX)
        && file.lastModified() == TIME.toMillis();
  }

  /// The jar that has the library's classes where they seem to come from such a jar.
  ///
  /// @param classPath the entries behind it on this JVM's class path
  static @Nullable String behind(List<String> classPath) {
    for (int i = classPath.size() - 1; i >= 0; i--) {
      String entry = classPath.get(i);
      if (new File(entry).isFile() && has(entry)) {
        return entry;
      }
    }
    return null;
  }

  private static boolean has(String entry) {
    try (JarFile jar = new JarFile(entry)) {
      return jar.getEntry(SELF) != null;
    } catch (IOException e) {
      return false; // no jar
    }
  }

  /// Whether a jar has nothing but what is ours.
  static boolean isOursOnly(String jar) {
    try (JarFile file = new JarFile(jar)) {
      Enumeration<JarEntry> entries = file.entries();
      while (entries.hasMoreElements()) {
        String name = entries.nextElement().getName();
        if (!name.startsWith(OURS)
            && !OURS.startsWith(name)
            && !name.startsWith("META-INF/")
            && !name.equals("module-info.class")) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}

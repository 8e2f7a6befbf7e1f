package io.procession.process;

import io.procession.internal.posix.Platform;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How this process starts a JVM like itself: the `java` command, its flags, where classes are.
///
/// Our own jar is first on the child's class path, whatever the parent's order is: it has only
/// classes of ours, so nothing of the user's moves, and an archive of our classes fits every child.
final class LaunchCommand {
  private static final String MODULE = "io.procession";
  static final String FREEZE =
      "; let the program's own executable serve: call Procession.freezeSupport(args) first in main";

  /// Before all others, so that the user's win. A file of performance data in the folder for
  /// temporary files would outlive a killed child; and what the JVM has to say is for stderr, since
  /// stdout is the program's.
  private static final List<String> OURS =
      List.of("-XX:-UsePerfData", "-Xlog:disable", "-Xlog:all=warning:stderr");

  /// What this JVM itself was started with. It does not change.
  private static final class Own {
    static final List<String> FLAGS = carried();
    static final double MEMORY_OF_CHILDREN = MemoryShare.ofChildren(given());
    static final List<String> MODULE_PATHS = findModulePaths();
    static final List<String> MODULES = absolute(System.getProperty("jdk.module.path", ""));
    static final List<String> CLASS_PATH = findClassPath();
  }

  /// Only where there is an archive.
  private static final class Fronted {
    static final List<String> CLASS_PATH = findBehindFront();
  }

  /// The class path of this JVM, without what its parent put in front.
  private static final class Given {
    static final List<String> ENTRIES = findGiven();
  }

  /// The jar or folder of the library's classes; null if they come from elsewhere.
  private static final class Place {
    static final @Nullable String OWN = findOwnPlace();
  }

  private LaunchCommand() {}

  /// The `java` command.
  static String java() {
    return JavaCommand.current().path();
  }

  /// Whether this Java has a `java` command.
  static boolean hasJava() {
    return JavaCommand.isThere();
  }

  /// Whether a child can be started by a command that names our main class: there is a `java`, and
  /// it finds the library where this process does.
  static boolean isPlain() {
    return hasJava() && (isModule() || Place.OWN != null);
  }

  private static void requirePlain() {
    String _ = java();
    if (!isModule()) {
      String _ = ownLocation();
    }
  }

  /// All from the `java` command to the class that it runs, and what stands before a child's words.
  ///
  /// @param flags the file with the flags
  /// @param more what a `java` command gets after them
  static List<String> command(String flags, List<String> more) {
    Executable executable = Executable.used();
    if (executable != null && !executable.isJava()) {
      return executable.command("", flags);
    }
    List<String> command = new ArrayList<>();
    if (executable != null) {
      command.addAll(executable.command(java(), flags));
    } else {
      command.addAll(List.of(java(), "@" + flags));
      command.addAll(main());
    }
    command.addAll(2, more);
    return command;
  }

  /// The words that name the class to run.
  static List<String> main() {
    String main = ChildMain.class.getName();
    return isModule() ? List.of("-m", MODULE + "/" + main) : List.of(main);
  }

  /// The flags between the `java` command and the class that it runs, without class and module path.
  static List<String> flags(LaunchOptions options) {
    if (Executable.used() == null) {
      requirePlain();
    }
    List<String> flags = new ArrayList<>(OURS);
    boolean collectorChosen = chosen(options.jvmFlags());
    boolean heapChosen = options.maxHeap() != 0 || startsWith(options.jvmFlags(), "-Xmx");
    for (String flag : Own.FLAGS) {
      boolean replaced =
          (collectorChosen && CarriedFlags.choosesCollector(flag))
              || (heapChosen && (flag.startsWith("-Xms") || flag.startsWith("-Xmx")));
      if (!replaced) {
        flags.add(flag);
      }
    }
    if (!collectorChosen && !chosen(flags)) {
      flags.add("-XX:+UseSerialGC");
    }
    String nativeAccess = "--enable-native-access=" + (isModule() ? MODULE : "ALL-UNNAMED");
    if (!flags.contains(nativeAccess)) {
      flags.add(nativeAccess);
    }
    String portable = "-Dprocession.platform=portable";
    if (Platform.current() == Platform.PORTABLE && !flags.contains(portable)) {
      flags.add(portable);
    }
    StartMethod method = StartMethod.chosenForChildren();
    if (method != null) {
      flags.add("-D" + StartMethod.PROPERTY + "=" + method.label());
    }
    for (Map.Entry<String, String> property : options.systemProperties().entrySet()) {
      flags.add("-D" + property.getKey() + "=" + property.getValue());
    }
    if (options.maxHeap() != 0) {
      flags.add("-Xmx" + options.maxHeap());
    }
    flags.addAll(options.jvmFlags());
    Logs.addFlags(flags, options);
    return flags;
  }

  /// The flags that name class path and module path.
  ///
  /// @param added what stands behind this process's own class path
  /// @param front what stands before it; null if there is no archive
  static List<String> paths(List<Path> added, @Nullable Path front) {
    List<String> paths = new ArrayList<>(Own.MODULE_PATHS);
    List<String> classPath = new ArrayList<>();
    if (front == null) {
      classPath.addAll(Own.CLASS_PATH);
    } else {
      classPath.add(front.toString());
      classPath.addAll(Fronted.CLASS_PATH);
    }
    for (Path entry : added) {
      classPath.add(entry.toString());
    }
    if (front != null && !Fronted.CLASS_PATH.contains(ownLocation())) {
      classPath.add(ownLocation());
    }
    if (!classPath.isEmpty()) {
      paths.add("--class-path");
      paths.add(String.join(File.pathSeparator, classPath));
    }
    return paths;
  }

  /// The entries of this process's module path and class path.
  static List<String> entries() {
    List<String> entries = new ArrayList<>(Own.MODULES);
    entries.addAll(Own.CLASS_PATH);
    return entries;
  }

  /// How much of the memory the heaps of all children may take, a percentage.
  static double memoryOfChildren() {
    return Own.MEMORY_OF_CHILDREN;
  }

  /// The jar that has the library's classes; null if they come from elsewhere or are a module.
  static @Nullable Path ownJar() {
    Path own = isModule() || Executable.used() != null ? null : Path.of(ownLocation());
    return own != null && own.toString().endsWith(".jar") && Files.isRegularFile(own) ? own : null;
  }

  private static List<String> given() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments();
  }

  /// What this JVM was given, but for what every child is given: a child's child gets it once too.
  private static List<String> carried() {
    List<String> flags = new ArrayList<>();
    flags.addAll(
        ExecutableJar.flags(
            System.getProperty("java.class.path", ""), System.getProperty("sun.java.command", "")));
    flags.addAll(CarriedFlags.of(given(), System.getenv()));
    flags.removeAll(OURS);
    flags.remove(AotCache.SILENCE);
    flags.remove(AotCache.UNMOVED);
    flags.remove(Logs.RELAY_FLAG);
    flags.remove(Logs.EXPECT_FLAG);
    MemoryShare.removeOwn(flags);
    return flags;
  }

  private static boolean isModule() {
    return LaunchCommand.class.getModule().isNamed();
  }

  private static boolean chosen(List<String> flags) {
    for (String flag : flags) {
      if (CarriedFlags.choosesCollector(flag)) {
        return true;
      }
    }
    return false;
  }

  private static boolean startsWith(List<String> flags, String start) {
    for (String flag : flags) {
      if (flag.startsWith(start)) {
        return true;
      }
    }
    return false;
  }

  private static List<String> findModulePaths() {
    List<String> paths = new ArrayList<>();
    String modulePath = System.getProperty("jdk.module.path", "");
    if (!modulePath.isEmpty()) {
      paths.add("--module-path=" + String.join(File.pathSeparator, absolute(modulePath)));
    }
    String mainModule = System.getProperty("jdk.module.main");
    if (mainModule != null && !mainModule.equals(MODULE)) {
      paths.add("--add-modules=" + mainModule);
    }
    return paths;
  }

  private static List<String> findGiven() {
    List<String> given = absolute(System.getProperty("java.class.path", ""));
    if (!given.isEmpty() && FrontJar.is(given.get(0))) {
      given.remove(0);
    }
    return given;
  }

  /// What stands behind a [FrontJar]. Our jar need not be among it if nobody looks for a class in it.
  private static List<String> findBehindFront() {
    List<String> classPath = new ArrayList<>(Given.ENTRIES);
    if (FrontJar.isOursOnly(ownLocation())) {
      classPath.remove(ownLocation());
    }
    return classPath;
  }

  private static List<String> findClassPath() {
    List<String> classPath = new ArrayList<>(Given.ENTRIES);
    if (!isModule() && Executable.used() == null) {
      String own = ownLocation();
      classPath.remove(own);
      classPath.add(0, own);
    }
    return classPath;
  }

  /// Entries as a child in any working folder finds them.
  private static List<String> absolute(String path) {
    List<String> entries = new ArrayList<>();
    if (path.isEmpty()) {
      return entries;
    }
    for (String entry : path.split(File.pathSeparator, -1)) {
      entries.add(new File(entry).getAbsolutePath());
    }
    return entries;
  }

  private static String ownLocation() {
    String place = Place.OWN;
    if (place == null) {
      throw new IllegalStateException(
          "processes can be started only where Procession's classes come from a jar file or a"
              + " folder: location="
              + ownUrl()
              + FREEZE);
    }
    return place;
  }

  private static @Nullable String findOwnPlace() {
    URL location = ownUrl();
    if (location == null || !"file".equals(location.getProtocol())) {
      return null;
    }
    try {
      String place = new File(location.toURI()).getPath();
      return FrontJar.is(place) ? FrontJar.behind(Given.ENTRIES) : place;
    } catch (URISyntaxException e) {
      return null;
    }
  }

  private static @Nullable URL ownUrl() {
    CodeSource source = LaunchCommand.class.getProtectionDomain().getCodeSource();
    return source == null ? null : source.getLocation();
  }
}

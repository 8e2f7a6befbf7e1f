package io.procession.process;

import io.procession.internal.arena.Session;
import io.procession.internal.posix.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The archive of classes (CDS) that children with the same flags are started with, which spares them
/// half of what they do before their task.
///
/// A cache has the library's classes and what they use of the JDK, trained on our jar alone, so it
/// fits every class path that begins with its [FrontJar]. It is found when the first child is started, or
/// made in the background after the second ([AotTraining]); until there is one, and wherever one
/// cannot be used, children start without. The system property `procession.aot=off` turns it off.
final class AotCache {
  /// Whatever is wrong with a cache, the child starts: nobody needs to hear of it.
  static final String SILENCE = "-Xlog:cds*=off,aot*=off:stderr";

  /// Maps the archive where it was made for, so that no pointer in it has to be changed: 4 ms less, and
  /// its pages stay those of the file, shared by all children. Where that place is taken the JVM
  /// maps it elsewhere.
  static final String UNMOVED = "-XX:ArchiveRelocationMode=0";

  private static final String UNLOCK = "-XX:+UnlockDiagnosticVMOptions";

  /// Changed when archives are made in another way.
  private static final String FORM = "front";

  private static final int STARTS_UNTIL_TRAINING = 2;
  private static final int STARTS_UNTIL_LOOK = 8;
  private static final int MOST_TRAININGS = 4;
  private static final int SIGNALLED = 128;
  private static final List<String> CRASHES =
      List.of("SIGSEGV", "SIGBUS", "SIGABRT", "SIGILL", "SIGFPE");
  private static final int REFUSED = 1; // with which HotSpot exits if it cannot run

  /// Flags that void a cache, or bring in code that is not ours when it is trained.
  private static final List<String> VOIDING =
      List.of(
          "-javaagent:",
          "-agentlib:",
          "-agentpath:",
          "-Xbootclasspath",
          "-Xshare",
          "-Xdebug",
          "-Xrun",
          "-XX:Flags=",
          "--patch-module",
          "--limit-modules",
          "--upgrade-module-path",
          "-Djava.system.class.loader");

  private static final List<String> ENVIRONMENT =
      List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

  private static final Map<String, AotCache> CACHES = new HashMap<>();
  private static int trainings; // guarded by CACHES

  private final String key;
  private final List<String> flags;
  private final Path jar;
  private final CacheFolder folder;
  private int starts; // guarded by CACHES
  private boolean suspected; // guarded by CACHES
  private boolean isPostponed; // guarded by CACHES
  private volatile @Nullable Path file;
  private volatile boolean distrusted;

  private AotCache(String key, List<String> flags, Path jar, CacheFolder folder) {
    this.key = key;
    this.flags = flags;
    this.jar = jar;
    this.folder = folder;
    this.file = folder.find(key);
  }

  /// The cache for children with these flags; null if they can have none.
  ///
  /// @param given a child's flags, without its paths
  static @Nullable AotCache of(List<String> given, LaunchOptions options, Session session) {
    if (isMode("off") || Own.JAR == null || Own.isVoided) {
      return null;
    }
    for (String variable : ENVIRONMENT) {
      if (options.environment().containsKey(variable)) {
        return null;
      }
    }
    List<String> flags = new ArrayList<>();
    for (String flag : given) {
      if (voids(flag)) {
        return null;
      }
      boolean isOfTheTask = flag.startsWith("-D") && !flag.startsWith("-Dprocession.platform=");
      if (!isOfTheTask && !MemoryShare.isShare(flag)) {
        flags.add(flag);
      }
    }
    return of(flags, Own.JAR, session);
  }

  private static boolean isMode(String mode) {
    return mode.equals(System.getProperty("procession.aot"));
  }

  private static @Nullable AotCache of(List<String> flags, Path jar, Session session) {
    String key = key(flags, jar);
    synchronized (CACHES) {
      AotCache cache = CACHES.get(key);
      if (cache == null) {
        CacheFolder folder = CacheFolder.open(Path.of(session.arenaPath()));
        if (folder == null || folder.isKnownAsNone(key)) {
          return null;
        }
        cache = new AotCache(key, flags, jar, folder);
        CACHES.put(key, cache);
      }
      cache.started(session);
      return cache;
    }
  }

  private void started(Session session) {
    starts++;
    if (file != null || distrusted) {
      return;
    }
    if (starts % STARTS_UNTIL_LOOK == 0) {
      file = folder.find(key); // another process may have trained it
    }
    boolean isTime =
        starts == STARTS_UNTIL_TRAINING || (isPostponed && starts % STARTS_UNTIL_LOOK == 0);
    if (file == null && isTime && trainings < MOST_TRAININGS && !isMode("found")) {
      isPostponed = false;
      trainings++;
      AotTraining.begin(this, session);
    }
  }

  /// Another process trains, perhaps one of another key: a later start tries again.
  void postpone() {
    synchronized (CACHES) {
      trainings--;
      isPostponed = true;
    }
  }

  /// The archive; null as long as there is none.
  @Nullable Path file() {
    return file;
  }

  /// What stands first on the class path of a child that has the archive.
  Path front() {
    return folder.front(key);
  }

  /// The flags that make a JVM use a file as its archive.
  static List<String> flagsFor(Path file) {
    return List.of("-XX:SharedArchiveFile=" + file, UNLOCK, UNMOVED, SILENCE);
  }

  /// Uses a cache that was just made from now on.
  void use(Path made) {
    file = made;
  }

  /// Hears of a child that had the cache and ended before it could do anything. One that has crashed has the
  /// cache deleted. One whose JVM refused to run may have had other reasons, such as a port that is taken: the
  /// next ones do without until the file is looked for again; the second time, all of this process do. Other
  /// ends are none of the cache's: a signal of others, a command that was not found.
  void judge(int status) {
    if (isCrash(status)) {
      distrust();
    } else if (status == REFUSED) {
      synchronized (CACHES) {
        distrusted = suspected;
        suspected = true;
        file = null;
      }
    }
  }

  /// True of an end that a broken archive can bring about.
  static boolean isSuspectedBy(int status) {
    return status == REFUSED || isCrash(status);
  }

  static boolean isCrash(int status) {
    String signal = Signals.name(status - SIGNALLED);
    return signal != null && CRASHES.contains(signal);
  }

  private void distrust() {
    Path known = file;
    distrusted = true;
    if (known != null) {
      file = null;
      try {
        Files.deleteIfExists(known);
      } catch (IOException e) {
        // it stays, but not for the children of this process
      }
    }
  }

  /// The flags it is trained with, all but its own.
  List<String> trainedFlags() {
    return flags;
  }

  String key() {
    return key;
  }

  Path jar() {
    return jar;
  }

  CacheFolder folder() {
    return folder;
  }

  private static boolean voids(String flag) {
    for (String start : VOIDING) {
      if (flag.startsWith(start)) {
        return true;
      }
    }
    return false;
  }

  /// What the cache depends on, as 16 hexadecimal digits. The JVM checks more of it by itself; two
  /// things of one key cost a cache its use, no more.
  private static String key(List<String> flags, Path jar) {
    long hash = 0xcbf29ce484222325L; // FNV-1a
    hash = hash(hash, FORM);
    JavaCommand java = JavaCommand.current();
    hash = hash(hash, java.home());
    hash = hash(hash, java.vmVersion());
    hash = hash(hash, Own.PLATFORM);
    hash = hash(hash, String.valueOf(CacheFolder.place())); // the archive has the path of its front
    hash = hash(hash, jar.toString());
    for (String flag : flags) {
      if (!flag.startsWith("-D") && !flag.equals(UNLOCK)) {
        hash = hash(hash, flag);
      }
    }
    return String.format(Locale.ROOT, "%016x", hash);
  }

  private static long hash(long from, String text) {
    long hash = from;
    for (int i = 0; i <= text.length(); i++) {
      hash = (hash ^ (i < text.length() ? text.charAt(i) : '\n')) * 0x100000001b3L;
    }
    return hash;
  }

  /// What holds for the whole life of this JVM.
  private static final class Own {
    private static final long COMPRESSED_OOPS_LIMIT = 31L << 30;

    static final @Nullable Path JAR = LaunchCommand.ownJar();
    static final boolean isVoided = isVoided();
    static final String PLATFORM = platform();

    private static boolean isVoided() {
      if (!System.getProperty("jdk.module.path", "").isEmpty()) {
        return true;
      }
      for (String variable : ENVIRONMENT) {
        String value = System.getenv(variable);
        if (value != null && (value.contains("agent") || value.contains("--"))) {
          return true;
        }
      }
      return false;
    }

    /// The JDK, what the environment adds to its flags, how large heaps are, and the jar as it is.
    private static String platform() {
      StringBuilder platform = new StringBuilder();
      platform.append(System.getProperty("os.arch")).append('\n');
      for (String variable : ENVIRONMENT) {
        platform.append(System.getenv(variable)).append('\n');
      }
      platform.append(Runtime.getRuntime().maxMemory() > COMPRESSED_OOPS_LIMIT).append('\n');
      if (JAR != null) {
        platform.append(JAR.toFile().length()).append(' ').append(JAR.toFile().lastModified());
      }
      return platform.toString();
    }
  }
}

package io.procession.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.procession.internal.arena.Session;
import io.procession.internal.posix.Platform;
import io.procession.internal.posix.Posix;
import io.procession.serial.SerializableRunnable;
import io.procession.testing.ChildJvm;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.logging.Logger;
import java.util.spi.ToolProvider;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Wherever a program's classes come from, its children find them; however the arena is kept.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LaunchPlacesIT {
  private static final int JARS = 1000;

  @TempDir Path folder;

  @Test
  void classPathOfAThousandJarsWithAwkwardNames() throws Exception {
    Path place = Files.createDirectory(folder.resolve("o'n \"e\" \\ grün #"));
    byte[] jar = jar(new Manifest(), "a.txt");
    List<String> entries = new ArrayList<>();
    for (int i = 0; i < JARS; i++) {
      entries.add(Files.write(place.resolve("part " + i + ".jar"), jar).toString());
    }
    entries.add(place.toString());
    Files.writeString(place.resolve("found.txt"), "x");
    try (ChildJvm parent =
        ChildJvm.body(LaunchPlacesIT::childHasMyClassPath)
            .classPath(entries.toArray(new String[0]))
            .environment("LC_ALL", "C.UTF-8")
            .start()) {
      parent.succeed();
    }
  }

  @Test
  void debuggerThatTheEnvironmentBringsListensElsewhereInAChild() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    try (ChildJvm parent =
        ChildJvm.body(() ->
                succeed(
                    LaunchOptions.defaults(),
                    () -> {
                      assertThat(System.getenv("JAVA_TOOL_OPTIONS")).isNull();
                      assertThat(System.getProperty("mine")).isEqualTo("a b");
                    }))
            .environment(
                "JAVA_TOOL_OPTIONS",
                "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:"
                    + port
                    + " '-Dmine=a b'")
            .start()) {
      parent.succeed();
    }
  }

  @Test
  void localeThatDoesNotKnowTheNames() throws Exception {
    Path unreadable = Files.createDirectory(folder.resolve("grün"));
    Path place = Files.createDirectory(folder.resolve("place with spaces"));
    Files.writeString(place.resolve("found.txt"), "x");
    for (String locale : List.of("C", "POSIX")) {
      try (ChildJvm parent =
          ChildJvm.body(
                  () -> {
                    succeed(LaunchOptions.defaults(), () -> resource("found.txt"));
                    var unknown =
                        LaunchOptions.defaults().withSystemProperty("colour", "gr\u00fcn");
                    assertThatThrownBy(() -> JvmProcess.of(unknown, () -> {}).start())
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("colour=gr");
                  })
              .classPath(unreadable.toString(), place.toString())
              .environment("LC_ALL", locale)
              .start()) {
        parent.succeed();
      }
    }
  }

  @Test
  void agentPatchedModuleAndDebugger() throws Exception {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Premain-Class", Agent.class.getName());
    Path agent = Files.write(folder.resolve("an agent.jar"), jar(manifest, "a.txt"));
    Path patch = Files.createDirectory(folder.resolve("patch"));
    Path source =
        Files.writeString(
            folder.resolve("Patched.java"), "package java.util; public class Patched {}");
    int compiled =
        ToolProvider.findFirst("javac")
            .orElseThrow()
            .run(
                System.out,
                System.err,
                "--patch-module=java.base=" + folder,
                "-d",
                patch.toString(),
                source.toString());
    assertThat(compiled).isZero();
    try (ChildJvm parent =
        ChildJvm.body(
                () -> {
                  assertThat(Agent.arguments).isEqualTo("told");
                  List<String> heard = Collections.synchronizedList(new ArrayList<>());
                  Agent.LOGGER.setUseParentHandlers(false);
                  Agent.LOGGER.setFilter(record -> !heard.add(record.getMessage()));
                  succeed(
                      LaunchOptions.defaults()
                          .withOutput(Output.lines(line -> System.out.println(line.text()))),
                      () -> {
                        assertThat(Agent.arguments).isEqualTo("told");
                        Agent.LOGGER.info("from the task");
                        assertThat(Class.forName("java.util.Patched").getModule())
                            .isSameAs(Object.class.getModule());
                      });
                  assertThat(heard).singleElement().asString().endsWith(": from the task");
                })
            .flags(
                "-javaagent:" + agent + "=told",
                "--patch-module=java.base=" + patch,
                "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=localhost:0")
            .start()) {
      parent.succeed();
      // of the parent's, and of the child's, which is not yet anybody whose records go elsewhere
      assertThat(parent.err() + parent.out()).containsPattern("(?s)as an agent.*as an agent");
      assertThat(parent.out().lines().filter(line -> line.startsWith("Listening for")).distinct())
          .as("ports of a debugger of parent and child")
          .hasSize(2);
    }
  }

  @Test
  void relativeClassPathHoldsInAnotherWorkingFolder() throws Exception {
    Files.writeString(Files.createDirectory(folder.resolve("place")).resolve("found.txt"), "x");
    String elsewhere = Files.createDirectory(folder.resolve("elsewhere")).toRealPath().toString();
    try (ChildJvm parent =
        ChildJvm.body(() ->
                succeed(
                    LaunchOptions.defaults().withWorkingFolder(Path.of(elsewhere)),
                    () -> {
                      resource("found.txt");
                      assertThat(Path.of("").toRealPath()).hasToString(elsewhere);
                    }))
            .folder(folder)
            .classPath("place")
            .start()) {
      parent.succeed();
    }
  }

  @Test
  void namedModules() throws Exception {
    Path sources = Files.createDirectories(folder.resolve("src/hello"));
    Files.writeString(
        folder.resolve("src/module-info.java"), "module hello { requires io.procession; }");
    Files.writeString(
        sources.resolve("Main.java"),
        """
        package hello;
        import io.procession.process.JvmProcess;
        public class Main {
          public static void main(String[] args) throws Exception {
            String captured = "captured";
            var process = JvmProcess.of(() -> System.out.println("child: " + captured + " "
                + Main.class.getModule() + ", " + JvmProcess.class.getModule()));
            process.start();
            process.join();
            System.exit(process.exitCode().getAsInt());
          }
        }
        """);
    String modulePath = place(JvmProcess.class) + File.pathSeparator + place(NullMarked.class);
    String out = folder.resolve("out").toString();
    int compiled =
        ToolProvider.findFirst("javac")
            .orElseThrow()
            .run(
                System.out,
                System.err,
                "--module-path",
                modulePath,
                "-d",
                out,
                folder.resolve("src/module-info.java").toString(),
                sources.resolve("Main.java").toString());
    assertThat(compiled).isZero();

    Path said = folder.resolve("said");
    Process parent =
        new ProcessBuilder(
                LaunchCommand.java(),
                "--module-path",
                modulePath + File.pathSeparator + out,
                "--enable-native-access=io.procession",
                "-m",
                "hello/hello.Main")
            .redirectOutput(said.toFile())
            .redirectErrorStream(true)
            .start();
    int code = parent.waitFor();
    assertThat(Files.readString(said))
        .isEqualTo("child: captured module hello, module io.procession\n");
    assertThat(code).isZero();
  }

  @Test
  void executableJarBringsWhatItsManifestSays() throws Exception {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.put(Attributes.Name.MAIN_CLASS, OpensItsLang.class.getName());
    main.put(Attributes.Name.CLASS_PATH, urls(System.getProperty("java.class.path")));
    main.putValue("Add-Opens", "java.base/java.lang java.base/java.util");
    main.putValue("Enable-Native-Access", "ALL-UNNAMED");
    Path jar = Files.write(folder.resolve("app.jar"), jar(manifest, "a.txt"));
    Process parent =
        new ProcessBuilder(LaunchCommand.java(), "-jar", jar.toString(), "argument")
            .inheritIO()
            .start();
    assertThat(parent.waitFor()).isZero();
  }

  @Test
  void portablePlatform() {
    try (ChildJvm parent =
        ChildJvm.body(LaunchPlacesIT::treeWorks).flags("-Dprocession.platform=portable").start()) {
      parent.succeed();
    }
  }

  @Test
  void portablePlatformChosenByTheProgram() {
    try (ChildJvm parent =
        ChildJvm.body(
                () -> {
                  System.setProperty("procession.platform", "portable");
                  treeWorks();
                })
            .start()) {
      parent.succeed();
    }
  }

  @Test
  void arenaInAFile() throws IOException {
    try (ChildJvm parent =
        ChildJvm.body(LaunchPlacesIT::treeWorks)
            .flags("-Dprocession.arena.file=true", "-Djava.io.tmpdir=" + folder)
            .start()) {
      parent.succeed();
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void processThatOthersMayNotLookInto() throws Exception {
    assumeTrue(Platform.current() == Platform.NATIVE, "only native processes can be non-dumpable");
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "needs setpriv");
    try (ChildJvm parent =
        ChildJvm.body(
                () -> {
                  Posix.setDumpable(false);
                  treeWorks();
                })
            .through("/usr/bin/setpriv", "--bounding-set=-all", "--inh-caps=-all")
            .start()) {
      parent.succeed();
    }
  }

  @Test
  void optionsWinOverWhatIsCarried() throws Exception {
    try (ChildJvm parent =
        ChildJvm.body(() ->
                succeed(
                    LaunchOptions.defaults()
                        .withJvmFlags("-XX:+UseParallelGC", "-Xmx96m")
                        .withSystemProperty("own", "a \"b\" \\c")
                        .withEnvironment("OWN", "x=y"),
                    () -> {
                      assertThat(Runtime.getRuntime().maxMemory()).isLessThan(100 << 20);
                      assertThat(System.getProperty("own")).isEqualTo("a \"b\" \\c");
                      assertThat(System.getProperty("carried")).isEqualTo("over");
                      assertThat(System.getenv("OWN")).isEqualTo("x=y");
                      assertThat(System.getenv("THEIRS")).isEqualTo("too");
                      System.out.println("ok");
                    }))
            .flags("-Xms256m", "-Dcarried=over")
            .environment("THEIRS", "too")
            .start()) {
      parent.succeed();
    }
  }

  @Test
  void optionsOfTheEnvironmentComeOnce() throws Exception {
    try (ChildJvm parent =
        ChildJvm.body(() ->
                succeed(
                    LaunchOptions.defaults(),
                    () -> {
                      List<String> given =
                          java.lang.management.ManagementFactory.getRuntimeMXBean()
                              .getInputArguments();
                      assertThat(given).containsOnlyOnce("-Dtool=1", "-Dlauncher=a b");
                      System.out.println("ok");
                    }))
            .environment("JAVA_TOOL_OPTIONS", "-Dtool=1")
            .environment("JDK_JAVA_OPTIONS", "\"-Dlauncher=a b\"")
            .start()) {
      parent.succeed();
    }
  }

  private static void childHasMyClassPath() throws Exception {
    String mine = System.getProperty("java.class.path");
    int entries = mine.split(File.pathSeparator, -1).length;
    int letters = mine.length();
    succeed(
        LaunchOptions.defaults(),
        () -> {
          resource("found.txt");
          resource("a.txt");
          List<String> theirs = new ArrayList<>();
          Collections.addAll(
              theirs, System.getProperty("java.class.path").split(File.pathSeparator, -1));
          if (FrontJar.is(theirs.getFirst())) {
            theirs.removeFirst(); // it has an archive
          }
          assertThat(String.join(File.pathSeparator, theirs)).hasSize(letters);
          assertThat(theirs).hasSize(entries);
        });
  }

  /// A child and a grandchild that both map the arena.
  private static void treeWorks() throws Exception {
    long id = Session.current().id();
    succeed(
        LaunchOptions.defaults(),
        () -> {
          assertThat(Session.current().id()).isEqualTo(id);
          succeed(
              LaunchOptions.defaults().withSystemProperty("x", "y"),
              () -> assertThat(Session.current().id()).isEqualTo(id));
        });
  }

  private static void succeed(LaunchOptions options, SerializableRunnable task) throws Exception {
    JvmProcess process = JvmProcess.of(options, task);
    process.start();
    process.join();
    assertThat(process.exitCode()).as("%s", process.certificate()).hasValue(0);
  }

  private static void resource(String name) throws IOException {
    try (InputStream in = ClassLoader.getSystemResourceAsStream(name)) {
      assertThat(in).as(name).isNotNull();
    }
  }

  private static String place(Class<?> type) throws Exception {
    return new File(type.getProtectionDomain().getCodeSource().getLocation().toURI()).getPath();
  }

  private static String urls(String classPath) {
    StringBuilder urls = new StringBuilder();
    for (String entry : Arrays.asList(classPath.split(File.pathSeparator, -1))) {
      urls.append(new File(entry).toURI()).append(' ');
    }
    return urls.toString().strip();
  }

  private static byte[] jar(Manifest manifest, String entry) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
      jar.putNextEntry(new JarEntry(entry));
    }
    return bytes.toByteArray();
  }

  /// An agent that notes what it was told, and logs that.
  @SuppressWarnings("EffectivelyPrivate") // the JVM asks for public
  public static final class Agent {
    static final Logger LOGGER = Logger.getLogger("of an agent");
    static String arguments = "";

    private Agent() {}

    public static void premain(String told) {
      arguments = told;
      LOGGER.info("as an agent");
    }
  }

  /// The main class of an executable jar.
  static final class OpensItsLang {
    private OpensItsLang() {}

    static void main(String[] args) throws Exception {
      succeed(
          LaunchOptions.defaults(),
          () -> String.class.getDeclaredField("value").setAccessible(true));
    }
  }
}

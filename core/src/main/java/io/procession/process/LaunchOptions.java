package io.procession.process;

import io.procession.internal.check.Require;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// How the JVM of a process is to be, where it shall differ from its parent's.
///
/// A child has its parent's class path or module path, its JVM flags, environment and working
/// folder. System properties given on the parent's command line are JVM flags, and so carried over;
/// those set by the program are not. Options are added to that and win over it.
///
/// ```java
/// var options = LaunchOptions.defaults().withMaxHeap(256L << 20).withSystemProperty("mode", "batch");
/// ```
///
/// A process that is a thread ([StartMethod#DUMMY]) can have neither properties nor variables, folder, class path
/// or output of its own: they are refused at its start. What else is said of a JVM has no effect on it.
///
/// [#withJvmFlags] and [#withProcessors] replace what there was; properties, variables and entries of
/// the class path are added to it.
///
/// What can be seen to be wrong is refused when the options are made; what depends on the machine
/// (a folder, a processor) when the process is started, before anything has happened.
///
/// A release may add components: make them by `defaults()` and its methods, not by the constructor.
///
/// @param startMethod how it gets its JVM, null for the way of the context that starts it
/// @param jvmFlags flags for the child's JVM, each a word of its own (`-ea`, `--add-modules=java.sql`)
/// @param maxHeap the most bytes of its heap, 0 for its share of the memory that there is
/// @param systemProperties the child's own system properties
/// @param environment variables that the child has besides its parent's or with another value
/// @param workingFolder the folder it runs in, null for its parent's
/// @param classPath jars and folders that stand behind its parent's class path; they are absolute
/// @param niceness by how much it gives way to other processes, 0 to 19; its children inherit it
/// @param processors the numbers of the processors that it may run on; none: all that its parent may
/// @param output what becomes of its standard output and error
/// @param startLimit how long it may take until its task begins, null for any time: after that it is
///     killed, and its certificate says so
public record LaunchOptions(
    @Nullable StartMethod startMethod,
    List<String> jvmFlags,
    long maxHeap,
    Map<String, String> systemProperties,
    Map<String, String> environment,
    @Nullable Path workingFolder,
    List<Path> classPath,
    int niceness,
    Set<Integer> processors,
    Output output,
    @Nullable Duration startLimit) {
  private static final long MIN_HEAP = 2 << 20;
  private static final int MAX_NICENESS = 19;

  private static final LaunchOptions DEFAULTS =
      new LaunchOptions(
          null,
          List.of(),
          0,
          Map.of(),
          Map.of(),
          null,
          List.of(),
          0,
          Set.of(),
          Output.inherit(),
          null);

  /// Checks and copies.
  ///
  /// @throws IllegalArgumentException if a value cannot be, or a flag is one that only the library may
  ///     give
  public LaunchOptions {
    jvmFlags = List.copyOf(jvmFlags);
    systemProperties = Map.copyOf(systemProperties);
    environment = Map.copyOf(environment);
    classPath = absolute(classPath);
    processors = Collections.unmodifiableSet(new TreeSet<>(processors));
    Require.notNull("output", output);
    for (String flag : jvmFlags) {
      LaunchChecks.flag(flag, maxHeap);
    }
    systemProperties.forEach(LaunchChecks::property);
    environment.forEach(LaunchChecks::variable);
    if (maxHeap != 0 && maxHeap < MIN_HEAP) {
      throw new IllegalArgumentException(
          "maxHeap must be 0, or "
              + MIN_HEAP
              + " or more: maxHeap="
              + maxHeap
              + "; it is in bytes: 64L << 20 is 64 MiB; 0 leaves the choice to the library");
    }
    Require.between("niceness", niceness, 0, MAX_NICENESS);
    for (int processor : processors) {
      Require.notNegative("processor", processor);
    }
    if (startLimit != null) {
      Require.positive("startLimit", startLimit, "leave it out for any time");
    }
  }

  /// Like the parent in everything.
  ///
  /// @return the options that change nothing
  public static LaunchOptions defaults() {
    return DEFAULTS;
  }

  /// Sets how the process gets its JVM.
  ///
  /// @param method the way, null for that of the context
  /// @return options with this start method
  public LaunchOptions withStartMethod(@Nullable StartMethod method) {
    Draft draft = new Draft(this);
    draft.startMethod = method;
    return draft.options();
  }

  /// Replaces the JVM flags.
  ///
  /// @param flags the flags, each a word of its own: `--add-modules=java.sql`, not two words
  /// @return options with these flags
  /// @throws IllegalArgumentException if one does not begin with `-`, or chooses the class path or
  ///     what is run
  public LaunchOptions withJvmFlags(String... flags) {
    return withJvmFlags(List.of(flags));
  }

  /// Replaces the JVM flags.
  ///
  /// @param flags as for [#withJvmFlags(String...)]
  /// @return options with these flags
  /// @throws IllegalArgumentException as for [#withJvmFlags(String...)]
  public LaunchOptions withJvmFlags(List<String> flags) {
    Draft draft = new Draft(this);
    draft.jvmFlags = flags;
    return draft.options();
  }

  /// Sets the limit of the heap.
  ///
  /// @param bytes the most that it may have; 0 for its share of the memory that there is
  /// @return options with this limit
  /// @throws IllegalArgumentException if it is too small for any JVM, or `-Xmx` is among the flags
  public LaunchOptions withMaxHeap(long bytes) {
    Draft draft = new Draft(this);
    draft.maxHeap = bytes;
    return draft.options();
  }

  /// Adds or changes a system property.
  ///
  /// @param name its name
  /// @param value its value
  /// @return options with this property
  /// @throws IllegalArgumentException if it cannot be one
  public LaunchOptions withSystemProperty(String name, String value) {
    Draft draft = new Draft(this);
    draft.systemProperties = with(systemProperties, name, value);
    return draft.options();
  }

  /// Adds or changes an environment variable.
  ///
  /// @param name its name
  /// @param value its value
  /// @return options with this variable
  /// @throws IllegalArgumentException if it cannot be one
  public LaunchOptions withEnvironment(String name, String value) {
    Draft draft = new Draft(this);
    draft.environment = with(environment, name, value);
    return draft.options();
  }

  /// Sets the working folder.
  ///
  /// @param folder an existing folder, null for the parent's
  /// @return options with this folder
  public LaunchOptions withWorkingFolder(@Nullable Path folder) {
    Draft draft = new Draft(this);
    draft.workingFolder = folder;
    return draft.options();
  }

  /// Adds jars and folders behind the class path.
  ///
  /// @param entries a relative one is looked for from this process's working folder
  /// @return options with these entries behind those there are
  public LaunchOptions withClassPath(Path... entries) {
    List<Path> all = new ArrayList<>(classPath);
    all.addAll(List.of(entries));
    Draft draft = new Draft(this);
    draft.classPath = all;
    return draft.options();
  }

  /// Sets how far the process gives way to others, as by the command `nice`.
  ///
  /// @param by from 0, not at all, to 19
  /// @return options with this niceness
  /// @throws IllegalArgumentException if it is out of range
  public LaunchOptions withNiceness(int by) {
    Draft draft = new Draft(this);
    draft.niceness = by;
    return draft.options();
  }

  /// Replaces the processors to which the process is bound, as the command `taskset` does, which is needed
  /// for it.
  ///
  /// @param numbers their numbers, from 0; none: no bond
  /// @return options with these processors
  /// @throws IllegalArgumentException if one is negative
  public LaunchOptions withProcessors(int... numbers) {
    Set<Integer> all = new TreeSet<>();
    for (int number : numbers) {
      all.add(number);
    }
    Draft draft = new Draft(this);
    draft.processors = all;
    return draft.options();
  }

  /// Sets what becomes of what the process writes to its standard output and error.
  ///
  /// @param where where it goes
  /// @return options with this output
  public LaunchOptions withOutput(Output where) {
    Draft draft = new Draft(this);
    draft.output = where;
    return draft.options();
  }

  /// Sets the most time from the start until the task begins. A process that takes longer is killed.
  ///
  /// @param limit the most, null for any
  /// @return options with this limit
  /// @throws IllegalArgumentException if it is not positive
  public LaunchOptions withStartLimit(@Nullable Duration limit) {
    Draft draft = new Draft(this);
    draft.startLimit = limit;
    return draft.options();
  }

  /// Checks what depends on the machine, before a process is started.
  ///
  /// @throws IllegalArgumentException if the folder, a class path entry or a processor is not there, or
  ///     a text has characters that the locale has not
  void checkHere() {
    if (workingFolder != null && !Files.isDirectory(workingFolder)) {
      throw new IllegalArgumentException(
          "the working folder must be there: workingFolder="
              + workingFolder.toAbsolutePath()
              + "; make it first");
    }
    if (!classPath.isEmpty() && Executable.used() != null) {
      throw new IllegalArgumentException(
          "a program whose own executable serves has a class path of its own: classPath="
              + classPath
              + "; leave withClassPath out");
    }
    for (Path entry : classPath) {
      if (!Files.exists(entry)) {
        throw new IllegalArgumentException(
            "a class path entry must be there: entry="
                + entry
                + "; build it first, or leave it out");
      }
    }
    for (String flag : jvmFlags) {
      LaunchChecks.encodable("a JVM flag", flag);
    }
    encodable("a system property", systemProperties);
    encodable("an environment variable", environment);
    if (!processors.isEmpty()) {
      LaunchChecks.processors(processors);
    }
    output.checkHere();
  }

  private static void encodable(String what, Map<String, String> pairs) {
    for (Map.Entry<String, String> pair : pairs.entrySet()) {
      LaunchChecks.encodable(what, pair.getKey() + "=" + pair.getValue());
    }
  }

  private static List<Path> absolute(List<Path> entries) {
    List<Path> absolute = new ArrayList<>();
    for (Path entry : entries) {
      absolute.add(entry.toAbsolutePath());
    }
    return List.copyOf(absolute);
  }

  private static Map<String, String> with(Map<String, String> old, String name, String value) {
    Map<String, String> changed = new LinkedHashMap<>(old);
    changed.put(Require.notNull("name", name), Require.notNull("value", value));
    return changed;
  }

  /// Options in the making.
  private static final class Draft {
    @Nullable StartMethod startMethod;
    List<String> jvmFlags;
    long maxHeap;
    Map<String, String> systemProperties;
    Map<String, String> environment;
    @Nullable Path workingFolder;
    List<Path> classPath;
    int niceness;
    Set<Integer> processors;
    Output output;
    @Nullable Duration startLimit;

    Draft(LaunchOptions from) {
      startMethod = from.startMethod;
      jvmFlags = from.jvmFlags;
      maxHeap = from.maxHeap;
      systemProperties = from.systemProperties;
      environment = from.environment;
      workingFolder = from.workingFolder;
      classPath = from.classPath;
      niceness = from.niceness;
      processors = from.processors;
      output = from.output;
      startLimit = from.startLimit;
    }

    LaunchOptions options() {
      return new LaunchOptions(
          startMethod,
          jvmFlags,
          maxHeap,
          systemProperties,
          environment,
          workingFolder,
          classPath,
          niceness,
          processors,
          output,
          startLimit);
    }
  }
}

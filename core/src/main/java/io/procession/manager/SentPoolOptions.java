package io.procession.manager;

import io.procession.pool.Isolation;
import io.procession.pool.PoolOptions;
import io.procession.pool.TaskOptions;
import io.procession.process.LaunchOptions;
import io.procession.process.Output;
import io.procession.process.StartMethod;
import io.procession.serial.SerializableRunnable;
import java.io.Serializable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The options of a pool, on their way to a server. Paths are absolute here, as the caller means them; the
/// initializer is first read by the workers.
record SentPoolOptions(
    int processes,
    int retries,
    SentLaunch launch,
    @Nullable Packed initializer,
    int maxTasksPerWorker,
    Duration grace,
    TaskOptions task,
    int quarantine,
    long softMemory,
    long hardMemory,
    Isolation isolation,
    long largerHeap,
    @Nullable String reproducers,
    @Nullable String beanName)
    implements Serializable {

  /// What can be sent.
  ///
  /// @throws IllegalArgumentException if there is what would do something else at the server
  /// @throws io.procession.serial.NotSendableException if the initializer cannot be sent
  static SentPoolOptions of(PoolOptions options) {
    if (!options.listeners().isEmpty()) {
      throw new IllegalArgumentException(
          "a pool of a manager has no listeners, which would be called in the server's process:"
              + " listeners="
              + options.listeners()
              + "; leave them out, or open a pool of this process");
    }
    if (!options.contexts().isEmpty()) {
      throw new IllegalArgumentException(
          "a pool of a manager has no contexts, which would be those of the server's threads:"
              + " contexts="
              + options.contexts()
              + "; let tasks capture what they need");
    }
    SerializableRunnable initializer = options.initializer();
    Path reproducers = options.reproducers();
    return new SentPoolOptions(
        options.processes(),
        options.retries(),
        SentLaunch.of(options.launch()),
        initializer == null ? null : Packed.of(initializer),
        options.maxTasksPerWorker(),
        options.grace(),
        options.task(),
        options.quarantine(),
        options.softMemory(),
        options.hardMemory(),
        options.isolation(),
        options.largerHeap(),
        reproducers == null ? null : reproducers.toAbsolutePath().toString(),
        options.beanName());
  }

  PoolOptions options() {
    return PoolOptions.defaults()
        .withProcesses(processes)
        .withRetries(retries)
        .withLaunch(launch.options())
        .withInitializer(initializer)
        .withMaxTasksPerWorker(maxTasksPerWorker)
        .withGrace(grace)
        .withTask(task)
        .withQuarantine(quarantine)
        .withMemoryLimits(softMemory, hardMemory)
        .withIsolation(isolation)
        .withLargerHeap(largerHeap)
        .withReproducers(reproducers == null ? null : Path.of(reproducers))
        .withBean(beanName);
  }

  /// How the JVMs of the workers are to be.
  record SentLaunch(
      @Nullable StartMethod startMethod,
      List<String> jvmFlags,
      long maxHeap,
      Map<String, String> systemProperties,
      Map<String, String> environment,
      @Nullable String workingFolder,
      List<String> classPath,
      int niceness,
      List<Integer> processors,
      Output output,
      @Nullable Duration startLimit)
      implements Serializable {

    static SentLaunch of(LaunchOptions launch) {
      Path folder = launch.workingFolder();
      return new SentLaunch(
          launch.startMethod(),
          new ArrayList<>(launch.jvmFlags()),
          launch.maxHeap(),
          new HashMap<>(launch.systemProperties()),
          new HashMap<>(launch.environment()),
          folder == null ? null : folder.toAbsolutePath().toString(),
          launch.classPath().stream().map(Path::toString).toList(),
          launch.niceness(),
          new ArrayList<>(launch.processors()),
          launch.output(),
          launch.startLimit());
    }

    LaunchOptions options() {
      return new LaunchOptions(
          startMethod,
          jvmFlags,
          maxHeap,
          systemProperties,
          environment,
          workingFolder == null ? null : Path.of(workingFolder),
          classPath.stream().map(Path::of).toList(),
          niceness,
          new TreeSet<>(processors),
          output,
          startLimit);
    }
  }
}

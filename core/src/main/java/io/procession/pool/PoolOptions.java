package io.procession.pool;

import io.procession.internal.check.Require;
import io.procession.process.LaunchOptions;
import io.procession.serial.SerializableRunnable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a pool is to be.
///
/// The defaults: as many workers as this process may use processors, no task is run a second time,
/// the workers' JVMs are like this one, and each serves as long as the pool does.
///
/// ```java
/// var options = PoolOptions.defaults().withProcesses(4).withRetries(2);
/// ```
///
/// A release may add components: make them by `defaults()` and its methods, not by the constructor.
///
/// @param processes how many workers there are at a time
/// @param retries how often a task is run again whose worker died while it ran; more than 0 is for
///     tasks that may be run twice
/// @param launch how the JVMs of the workers are to be
/// @param initializer what each worker runs before its first task; null for nothing
/// @param maxTasksPerWorker after how many tasks a worker makes room for a fresh one; 0 for never
/// @param grace how long a task that was interrupted, because it was cancelled or its deadline
///     came, has to end before its worker is killed: 5 seconds
/// @param task how tasks are treated that say nothing else; its retries win over those of the pool
/// @param quarantine after how many deaths of its workers a task is given up, whatever its retries;
///     0 for never
/// @param softMemory with so many bytes of memory a worker makes room for a fresh one; 0 for any
///     number
/// @param hardMemory with so many it is killed; 0 for any number
/// @param listeners hear what happens in the pool
/// @param isolation what tasks have in common with others
/// @param contexts what of the submitter's thread goes with each task
/// @param largerHeap the heap of the worker in which a task is tried once more that ran out of
///     memory; 0 if it is not
/// @param reproducers where tasks that fail are saved; null for nowhere
/// @param beanName by which name the pool is managed by JMX; null if it is not
public record PoolOptions(
    int processes,
    int retries,
    LaunchOptions launch,
    @Nullable SerializableRunnable initializer,
    int maxTasksPerWorker,
    Duration grace,
    TaskOptions task,
    int quarantine,
    long softMemory,
    long hardMemory,
    List<PoolListener> listeners,
    Isolation isolation,
    List<TaskContext<?>> contexts,
    long largerHeap,
    @Nullable Path reproducers,
    @Nullable String beanName) {
  static final Duration GRACE = Duration.ofSeconds(5);

  /// Checks the options.
  ///
  /// @throws IllegalArgumentException if there would be no worker, a number is negative, or the soft
  ///     limit of memory is above the hard one
  public PoolOptions {
    Require.positive("processes", processes);
    Require.notNegative("retries", retries);
    Require.notNegative("quarantine", quarantine);
    Require.notNegative("maxTasksPerWorker", maxTasksPerWorker);
    Require.notNull("launch", launch);
    Require.notNull("task", task);
    listeners = List.copyOf(listeners);
    Require.notNull("isolation", isolation);
    contexts = List.copyOf(contexts);
    Require.notNegative("largerHeap", largerHeap);
    Require.notNegative("softMemory", softMemory);
    Require.notNegative("hardMemory", hardMemory);
    if (hardMemory != 0 && softMemory > hardMemory) {
      throw new IllegalArgumentException(
          "softMemory must not be more than hardMemory: softMemory="
              + softMemory
              + ", hardMemory="
              + hardMemory
              + "; 0 is no limit");
    }
    Require.notNegative("grace", grace, "zero kills at once");
  }

  /// A worker for each usable processor, no retries, JVMs like this one.
  ///
  /// @return the defaults
  public static PoolOptions defaults() {
    int processors = Runtime.getRuntime().availableProcessors();
    return new PoolOptions(
        processors,
        0,
        LaunchOptions.defaults(),
        null,
        0,
        GRACE,
        TaskOptions.defaults(),
        0,
        0,
        0,
        List.of(),
        Isolation.WORKER,
        List.of(),
        0,
        null,
        null);
  }

  /// Sets the number of workers.
  ///
  /// @param number how many, at least one
  /// @return options with that number
  /// @throws IllegalArgumentException if it is not positive
  public PoolOptions withProcesses(int number) {
    Draft draft = new Draft(this);
    draft.processes = number;
    return draft.options();
  }

  /// Sets how often a task is run again whose worker died while it ran.
  ///
  /// @param times how often, 0 for never
  /// @return options with that number
  /// @throws IllegalArgumentException if it is negative
  public PoolOptions withRetries(int times) {
    Draft draft = new Draft(this);
    draft.retries = times;
    return draft.options();
  }

  /// Sets how the JVMs of the workers are to be.
  ///
  /// @param options flags, environment and the like
  /// @return options with these
  public PoolOptions withLaunch(LaunchOptions options) {
    Draft draft = new Draft(this);
    draft.launch = options;
    return draft.options();
  }

  /// Sets what each worker runs once, before it takes a task. One that throws ends its worker, and
  /// another is started; when that happens again and again and no worker is ready, the pool is
  /// broken: its tasks fail with what the initializer threw.
  ///
  /// @param action the action, which is sent to each worker as it is when that is started; null for
  ///     none
  /// @return options with this initializer
  public PoolOptions withInitializer(@Nullable SerializableRunnable action) {
    Draft draft = new Draft(this);
    draft.initializer = action;
    return draft.options();
  }

  /// Sets after how many tasks a worker is replaced by a fresh one, for tasks that leave something
  /// behind: native memory, say. A chunk of a map counts as one task. The next worker is started
  /// while the last tasks of the former run, so for a moment there is one more than [#processes].
  ///
  /// @param number how many tasks, 0 for any number
  /// @return options with that number
  /// @throws IllegalArgumentException if it is negative
  public PoolOptions withMaxTasksPerWorker(int number) {
    Draft draft = new Draft(this);
    draft.maxTasksPerWorker = number;
    return draft.options();
  }

  /// Sets how long a task has to end that was interrupted.
  ///
  /// @param limit how long until its worker is killed; zero kills at once
  /// @return options with this grace
  /// @throws IllegalArgumentException if it is negative
  public PoolOptions withGrace(Duration limit) {
    Draft draft = new Draft(this);
    draft.grace = limit;
    return draft.options();
  }

  /// Sets how tasks are treated that say nothing else, elements of maps among them: deadlines, for
  /// example.
  ///
  /// @param options what holds for them
  /// @return options with that
  public PoolOptions withTask(TaskOptions options) {
    Draft draft = new Draft(this);
    draft.task = options;
    return draft.options();
  }

  /// Sets after how many deaths of its workers a task is given up that may be run again: it fails
  /// with a [QuarantinedException], which has the certificates of all.
  ///
  /// @param deaths how many, 0 for as many as its retries allow
  /// @return options with that number
  /// @throws IllegalArgumentException if it is negative
  public PoolOptions withQuarantine(int deaths) {
    Draft draft = new Draft(this);
    draft.quarantine = deaths;
    return draft.options();
  }

  /// Sets limits to the memory of each worker: what it has of its own in the machine's memory, of its heap
  /// and of native code. The kernel is asked five times a second; where it is no Linux, nothing
  /// happens.
  ///
  /// @param soft with more bytes a worker gets no more tasks, and a fresh one takes its place; 0
  ///     for any number
  /// @param hard with more bytes it is killed, also between tasks: its task fails, or is run again if its
  ///     retries say so, with a certificate whose cause is [io.procession.process.DeathCause#MEMORY_LIMIT]; 0
  ///     for any number
  /// @return options with these limits
  /// @throws IllegalArgumentException if one is negative, or the soft one is above the hard one
  public PoolOptions withMemoryLimits(long soft, long hard) {
    Draft draft = new Draft(this);
    draft.softMemory = soft;
    draft.hardMemory = hard;
    return draft.options();
  }

  /// Sets the limit of each worker's heap, as [LaunchOptions#withMaxHeap] does.
  ///
  /// @param bytes the most that it may have; 0 for its share of the memory that there is
  /// @return options with this limit
  public PoolOptions withMaxHeap(long bytes) {
    return withLaunch(launch.withMaxHeap(bytes));
  }

  /// Adds somebody who hears what happens in the pool.
  ///
  /// @param listener is called by a thread of its own, one event at a time
  /// @return options with this listener besides those there are
  public PoolOptions withListener(PoolListener listener) {
    Draft draft = new Draft(this);
    draft.listeners = new ArrayList<>(listeners);
    draft.listeners.add(listener);
    return draft.options();
  }

  /// Sets what tasks have in common with those before them in the same worker: static fields,
  /// native memory, threads that were left behind.
  ///
  /// @param way nothing, their process, or their process but none of the classes
  /// @return options with this isolation
  public PoolOptions withIsolation(Isolation way) {
    Draft draft = new Draft(this);
    draft.isolation = way;
    return draft.options();
  }

  /// Adds something that goes from the thread that submits a task to the one that runs it: a trace
  /// id, a diagnostic context.
  ///
  /// @param context takes it there, and sets it here; those added first are set first
  /// @return options with this besides those there are
  public PoolOptions withContext(TaskContext<?> context) {
    Draft draft = new Draft(this);
    draft.contexts = new ArrayList<>(contexts);
    draft.contexts.add(Require.notNull("context", context));
    return draft.options();
  }

  /// Sets the heap of a worker in which a task that ran out of memory is tried once more, without a
  /// limit to its memory. That counts besides its retries; so it must do no harm. Such a worker is
  /// started when a task needs it, besides [#processes], and leaves when no other does. Out of
  /// memory is an [OutOfMemoryError] that the task threw or that ended its worker, the hard limit
  /// of [#withMemoryLimits], and the kernel's kill for want of memory.
  ///
  /// @param bytes the most that its heap may have; 0 for no second attempt
  /// @return options with this heap
  /// @throws IllegalArgumentException if it is negative
  public PoolOptions withLargerHeap(long bytes) {
    Draft draft = new Draft(this);
    draft.largerHeap = bytes;
    return draft.options();
  }

  /// Sets a folder for a file of each task that fails, which [Reproduce] runs again in one JVM, under a
  /// debugger. Its name is in the message of the [TaskException]. The file has the function and its
  /// arguments, whatever they contain; only this user may read it. Each pool, and each actor, saves a hundred at most.
  ///
  /// @param folder where the files go, which is made if it is not there; null for nowhere
  /// @return options with this folder
  public PoolOptions withReproducers(@Nullable Path folder) {
    Draft draft = new Draft(this);
    draft.reproducers = folder;
    return draft.options();
  }

  /// Sets the name under which the pool is a managed bean, [PoolMXBean], of this JVM while it lives:
  /// `io.procession:type=ProcessPool,name=` and this name.
  ///
  /// @param name the name, which no other pool of this JVM has; null for no bean
  /// @return options with this name
  public PoolOptions withBean(@Nullable String name) {
    Draft draft = new Draft(this);
    draft.beanName = name;
    return draft.options();
  }

  /// After how many tasks a worker makes room, whatever says so; 0 for never.
  int tasksOfWorker() {
    return isolation == Isolation.PROCESS ? 1 : maxTasksPerWorker;
  }

  /// Options in the making.
  private static final class Draft {
    int processes;
    int retries;
    LaunchOptions launch;
    @Nullable SerializableRunnable initializer;
    int maxTasksPerWorker;
    Duration grace;
    TaskOptions task;
    int quarantine;
    long softMemory;
    long hardMemory;
    List<PoolListener> listeners;
    Isolation isolation;
    List<TaskContext<?>> contexts;
    long largerHeap;
    @Nullable Path reproducers;
    @Nullable String beanName;

    Draft(PoolOptions from) {
      processes = from.processes;
      retries = from.retries;
      launch = from.launch;
      initializer = from.initializer;
      maxTasksPerWorker = from.maxTasksPerWorker;
      grace = from.grace;
      task = from.task;
      quarantine = from.quarantine;
      softMemory = from.softMemory;
      hardMemory = from.hardMemory;
      listeners = from.listeners;
      isolation = from.isolation;
      contexts = from.contexts;
      largerHeap = from.largerHeap;
      reproducers = from.reproducers;
      beanName = from.beanName;
    }

    PoolOptions options() {
      return new PoolOptions(
          processes,
          retries,
          launch,
          initializer,
          maxTasksPerWorker,
          grace,
          task,
          quarantine,
          softMemory,
          hardMemory,
          listeners,
          isolation,
          contexts,
          largerHeap,
          reproducers,
          beanName);
    }
  }
}

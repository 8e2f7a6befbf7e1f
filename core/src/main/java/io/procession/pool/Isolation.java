package io.procession.pool;

/// What a task of a pool has in common with those before it. A chunk of a map whose size was given
/// counts as one task; where the pool chooses the size, the elements are tasks of their own if they
/// are to be apart.
public enum Isolation {
  /// A worker serves many tasks, with all that they leave behind: static fields, threads, native
  /// memory.
  WORKER,

  /// A worker serves one task: each has a process that is new. The next is started while the task
  /// runs.
  PROCESS,

  /// A worker serves many tasks, each with classes of its own: static fields are as if they had
  /// never been used. What is not a class stays: system properties, threads, native libraries,
  /// which one loader may load only once in a process.
  ///
  /// The task's classes and all that they name are loaded anew from the class path, which takes
  /// some milliseconds for each task; the JDK's and the library's are not, nor are those that were
  /// sent along because they are on no path. The loader is the context class loader of the task.
  /// Values of [Worker#local(java.util.function.Supplier)] live as long as their task. The
  /// initializer's classes are those of the worker: what it has set in static fields no task sees.
  CLASS_LOADER
}

package io.procession.process;

import io.procession.internal.arena.Session;
import io.procession.internal.posix.Signals;
import io.procession.serial.ByteSink;
import io.procession.serial.SerializableRunnable;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Makes an archive of classes, on a thread and in processes that give way to all others.
///
/// Three steps, each a JVM: a child of ours runs [TrainingTask] with our jar alone on its class path
/// and lists what it used; the archive is made of the list and of a [FrontJar]; a JVM that must use it
/// or fail proves that it can be used with other entries behind that jar, which is empty then. What comes of it is published at
/// once and whole. If a step says that it has failed, it is noted that this key can have no cache; one that
/// was killed or took too long says nothing of the next time.
final class AotTraining implements Runnable {
  /// From the second start on: not while a pool waits for its first workers.
  private static final long DELAY_MILLIS = 500;

  private static final long STEP_SECONDS = 60;
  private static final int NOT_RUN = 126;
  private static final List<String> NICE = List.of("nice", "-n", "19");

  /// Runs a command as long as its own standard input lasts.
  private static final String TIED =
      "trap '' INT; exec 3<&0; \"$0\" \"$@\" </dev/null & job=$!;"
          + " { read -r _ <&3; kill -9 $job; } & watch=$!;"
          + " wait $job; code=$?; kill $watch; exit $code";

  private static final byte[] NO_KEY = {0};
  private static final Object ONE_AT_A_TIME = new Object();

  private final AotCache cache;
  private final Session session;
  private final Path used;
  private final Path made;
  private final Path front;
  private volatile boolean ending;
  private boolean isHopeless; // of the training's thread
  private volatile @Nullable Process step;

  private AotTraining(AotCache cache, Session session) {
    this.cache = cache;
    this.session = session;
    this.used = cache.folder().temporary(cache.key(), "record");
    this.made = cache.folder().temporary(cache.key(), "create");
    this.front = cache.folder().temporary(cache.key(), "front");
  }

  /// Begins in the background. Does nothing without a shell: two of the steps are no processes of ours, and it ties
  /// them to this one.
  static void begin(AotCache cache, Session session) {
    if (!Shell.isThere()) {
      return;
    }
    Thread thread = new Thread(new AotTraining(cache, session), "procession-aot-training");
    thread.setDaemon(true);
    try {
      thread.start();
    } catch (OutOfMemoryError e) {
      // no thread can be had: no archive, but the start that asks for it goes on
    }
  }

  @Override
  public void run() {
    try {
      Thread.sleep(DELAY_MILLIS);
      trainAlone();
    } catch (IllegalStateException e) {
      // this JVM ends
    } catch (IOException e) {
      // a folder that cannot be written: no cache
    } catch (InterruptedException e) {
      // nobody has a reason to
    }
  }

  private void trainAlone() throws IOException, InterruptedException {
    synchronized (ONE_AT_A_TIME) {
      try (FileChannel lock = cache.folder().lockForTraining()) {
        if (lock == null) {
          cache.postpone();
        } else {
          Thread hook = new Thread(this::giveUp, "procession-aot-end");
          Runtime.getRuntime().addShutdownHook(hook);
          try {
            train();
          } finally {
            forget(hook);
          }
        }
      }
    }
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the JVM ends: it runs
    }
  }

  private void train() throws IOException, InterruptedException {
    cache.folder().sweep();
    try {
      Path known = cache.folder().find(cache.key()); // another process may have been faster
      if (known != null) {
        cache.use(known);
      } else if (record() && create() && canBeUsed()) {
        cache.use(cache.folder().publish(cache.key(), made));
      } else if (!ending && isHopeless) {
        cache.folder().noteNone(cache.key());
      }
    } finally {
      deleteTemporaries();
    }
  }

  /// Run when this JVM ends: its exit would wait for a thread that waits for a running step.
  private void giveUp() {
    ending = true;
    Process running = step;
    if (running != null) {
      running.destroyForcibly();
    }
    deleteTemporaries();
  }

  private void deleteTemporaries() {
    try {
      Files.deleteIfExists(used);
      Files.deleteIfExists(made);
      Files.deleteIfExists(front);
    } catch (IOException e) {
      // the next one who trains sweeps
    }
  }

  private boolean record() throws InterruptedException {
    List<String> flags = new ArrayList<>(cache.trainedFlags());
    flags.add("-XX:DumpLoadedClassList=" + used);
    flags.add("--class-path");
    flags.add(cache.jar().toString());
    SerializableRunnable task =
        () -> TrainingTask.run(); // as a lambda arrives, so that it is trained, too
    ByteSink record =
        LaunchRecord.write("aot-training", "", true, CurrentProcess.FIRST, "", NO_KEY, task);
    CompletableFuture<DeathCertificate> exit = new CompletableFuture<>();
    Reaper reaper = Reaper.start("aot-training", true);
    Child child = null;
    try {
      Launched launched = Spawn.child(session, "aot-training", flags, silent(NICE), record);
      child = new Child("aot-training", true, false, launched, null, null, exit::complete);
    } finally {
      if (child == null) {
        reaper.dismiss();
      } else {
        reaper.watch(child);
      }
    }
    step = child.process();
    try {
      if (ending) {
        return false;
      }
      int code = exit.get(STEP_SECONDS, TimeUnit.SECONDS).exitCode();
      isHopeless = isFailure(code);
      return code == 0;
    } catch (ExecutionException | TimeoutException e) {
      child.signal(Signals.SIGKILL);
      return false;
    }
  }

  private boolean create() throws IOException, InterruptedException {
    List<String> flags = new ArrayList<>(cache.trainedFlags());
    flags.add("-Xshare:dump");
    flags.add("-XX:SharedClassListFile=" + used);
    flags.add("-XX:SharedArchiveFile=" + made);
    flags.add("--class-path");
    flags.add(cache.front().toString());
    FrontJar.fill(cache.front(), front, cache.jar());
    boolean isMade = run(flags, 0);
    FrontJar.empty(cache.front(), front);
    return isMade;
  }

  private boolean canBeUsed() throws IOException, InterruptedException {
    List<String> flags = new ArrayList<>(cache.trainedFlags());
    flags.add("-Xshare:on");
    flags.addAll(AotCache.flagsFor(made));
    flags.add("--class-path");
    flags.add(
        cache.front()
            + File.pathSeparator
            + cache.folder().path()
            + File.pathSeparator
            + cache.jar());
    flags.add(ChildMain.class.getName());
    return run(flags, ChildMain.USAGE);
  }

  /// Runs `java` to its end, or to this process's, whichever is first.
  private boolean run(List<String> flags, int expected) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(Shell.words(TIED));
    words.addAll(NICE);
    words.add(LaunchCommand.java());
    words.addAll(flags);
    Process process = silent(words).start();
    step = process;
    try {
      if (ending || !process.waitFor(STEP_SECONDS, TimeUnit.SECONDS)) {
        return false;
      }
      isHopeless = process.exitValue() != expected && isFailure(process.exitValue());
      return process.exitValue() == expected;
    } finally {
      process.destroyForcibly();
    }
  }

  /// True for a code that the step itself has chosen: not one of a signal, nor of a shell that found no
  /// command.
  static boolean isFailure(int code) {
    return code > 0 && code < NOT_RUN;
  }

  private static ProcessBuilder silent(List<String> words) {
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().keySet().removeAll(CarriedFlags.uncleanVariables());
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    return builder;
  }
}

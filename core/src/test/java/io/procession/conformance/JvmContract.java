package io.procession.conformance;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.procession.connection.Address;
import io.procession.connection.Connection;
import io.procession.connection.ConnectionOptions;
import io.procession.connection.Listener;
import io.procession.connection.Pipe;
import io.procession.context.Context;
import io.procession.process.JvmProcess;
import io.procession.process.LaunchOptions;
import io.procession.serial.SerializableCallable;
import io.procession.serial.SerializableRunnable;
import io.procession.sync.Event;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A child that is a JVM of its own ends by signals, and has nothing of its parent that it was not given.
abstract class JvmContract extends Contract {
  private static final int CHILDREN = 3;

  @TempDir Path folder;

  private JvmProcess started(SerializableRunnable task) {
    JvmProcess process = way().context().start(task);
    return way().made(process, process::close);
  }

  private static void ends(JvmProcess process, int code) throws InterruptedException {
    assertThat(process.join(LONG)).as("%s", process).isTrue();
    assertThat(process.exitCode()).as("%s", process.certificate()).hasValue(code);
  }

  @Test
  void endsAsItsExitOrItsSignalSays() throws Exception {
    Event never = way().event();
    JvmProcess exits = started(() -> System.exit(8));
    JvmProcess terminated = started(never::await);
    JvmProcess killed = started(never::await);
    terminated.terminate();
    killed.kill();
    ends(exits, 8);
    ends(terminated, -15);
    ends(killed, -9);
    assertThat(way().context().activeChildren()).doesNotContain(exits, terminated, killed);
  }

  @Test
  void isOfItsOwnKindUnderItsName() throws Exception {
    LaunchOptions options = LaunchOptions.defaults().withSystemProperty("kind", "own");
    Event right = way().event();
    SerializableCallable<Context> there = way().there();
    JvmProcess process =
        way()
            .context()
            .start(
                "named",
                options,
                () -> {
                  String name = there.call().currentProcess().name();
                  if (name.equals("named") && "own".equals(System.getProperty("kind"))) {
                    right.set();
                  }
                });
    ends(way().made(process, process::close), 0);
    assertThat(process.name()).isEqualTo("named");
    assertThat(right.isSet()).isTrue();
  }

  private static List<String> descriptors() throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
      for (Path link : links.toList()) {
        try {
          found.add(Files.readSymbolicLink(link).toString());
        } catch (NoSuchFileException e) {
          // that of the listing itself
        }
      }
    }
    return found;
  }

  /// Each child is started while the former ones run.
  @Test
  void descriptorsDoNotGrowWithTheNumberOfChildren() throws Exception {
    Event goOn = way().event();
    BlockingQueue<List<String>> counts = way().queue();
    List<List<String>> seen = new ArrayList<>();
    for (int i = 0; i < CHILDREN; i++) {
      started(() -> {
        counts.put(descriptors());
        goOn.await();
      });
      seen.add(counts.poll(LONG.toMillis(), TimeUnit.MILLISECONDS));
    }
    goOn.set();
    assertThat(seen.get(CHILDREN - 1)).as("%s", seen).hasSizeLessThanOrEqualTo(seen.get(0).size());
  }

  @Test
  void descriptorsOfTheParentAreNotInherited() throws Exception {
    Path file = Files.createFile(folder.resolve("open-in-the-parent"));
    try (FileChannel _ = FileChannel.open(file, StandardOpenOption.READ)) {
      assertThat(descriptors()).contains(file.toString());
      BlockingQueue<List<String>> queue = way().queue();
      JvmProcess process = started(() -> queue.put(descriptors()));
      ends(process, 0);
      assertThat(queue.poll()).isNotEmpty().doesNotContain(file.toString());
    }
  }

  @Test
  void streamsThatAreClosedHarmNothing() throws Exception {
    ends(
        started(() -> {
          System.out.close();
          System.err.close();
        }),
        0);
    ends(
        started(() -> {
          System.setOut(null);
          System.setErr(null);
        }),
        0);
  }

  /// A stop by a signal, and going on, ends every wait in the kernel as other signals do.
  @Test
  void waitsOutlastSignals() throws Exception {
    Context context = way().context();
    Pipe pipe = context.pipe();
    way().made(pipe, pipe::close);
    Connection far = pipe.second();
    JvmProcess process =
        started(() -> {
          far.send("begun");
          far.send(far.recv());
          try (Listener listener = Listener.open()) {
            far.send(listener.address());
            try (Connection accepted = listener.accept()) {
              accepted.send("welcome");
            }
          }
          JvmProcess inner = JvmProcess.of(() -> far.recv());
          inner.start();
          far.send("joins");
          inner.join();
          far.sendBytes(new byte[4 << 20]);
        });
    Connection near = pipe.first();
    assertThat(near.recv()).isEqualTo("begun");
    stopAndContinue(process);
    near.send(1234);
    assertThat(near.recv()).isEqualTo(1234);
    Address address = (Address) requireNonNull(near.recv());
    stopAndContinue(process);
    try (Connection client = context.client(address, ConnectionOptions.defaults())) {
      assertThat(client.recv()).isEqualTo("welcome");
    }
    assertThat(near.recv()).isEqualTo("joins");
    stopAndContinue(process);
    near.send("end of the inner one");
    assertThat(near.recvBytes()).hasSize(4 << 20);
    ends(process, 0);
  }

  private static void stopAndContinue(JvmProcess process) throws Exception {
    Path status = Path.of("/proc", "" + process.pid(), "stat");
    for (String signal : List.of("-STOP", "-CONT")) {
      assertThat(new ProcessBuilder("kill", signal, "" + process.pid()).start().waitFor()).isZero();
      boolean stops = signal.equals("-STOP");
      await()
          .atMost(LONG)
          .until(
              () -> Files.readString(status).replaceFirst(".*\\) ", "").startsWith("T") == stops);
    }
  }

  @Test
  void objectsServeChildrenOfAnyMethod() throws Exception {
    for (String method : way().context().startMethods()) {
      Context other = Context.of(method);
      BlockingQueue<String> mine = way().queue();
      var theirs = other.<String>queue();
      JvmProcess process =
          other.start(() -> {
            mine.put("mine");
            theirs.put("theirs");
          });
      ends(process, 0);
      ends(started(() -> mine.put(theirs.take())), 0);
      assertThat(mine).containsExactly("mine", "theirs");
      process.close();
      theirs.destroy();
    }
  }

  @Test
  void taskIsForgottenOnceItHasEnded() throws Exception {
    List<JvmProcess> process = new ArrayList<>();
    WeakReference<?> captured = startCapturing(process);
    ends(process.getFirst(), 0);
    await()
        .atMost(LONG)
        .until(() -> {
          System.gc();
          return captured.refersTo(null);
        });
  }

  private WeakReference<?> startCapturing(List<JvmProcess> process) {
    List<Integer> captured = new ArrayList<>(Collections.nCopies(10, 1));
    process.add(started(() -> assertThat(captured).hasSize(10)));
    return new WeakReference<>(captured);
  }
}

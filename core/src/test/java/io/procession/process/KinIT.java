package io.procession.process;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.connection.AuthKey;
import io.procession.connection.Connection;
import io.procession.connection.Pipe;
import io.procession.connection.Waitable;
import io.procession.internal.posix.Processors;
import io.procession.queue.SharedQueue;
import io.procession.serial.NotSendableException;
import io.procession.serial.SerializableRunnable;
import io.procession.testing.ChildJvm;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a process knows of itself, its parent and its children.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class KinIT {
  private static final Duration LONG = Duration.ofSeconds(60);

  /// Says what it does by its class.
  private static final class Doubling extends JvmProcess {
    private static final long serialVersionUID = 1L;

    private final SharedQueue<String> queue;
    private final int number;

    Doubling(SharedQueue<String> queue, int number) {
      super("doubling");
      this.queue = queue;
      this.number = number;
    }

    @Override
    protected void run() throws Exception {
      queue.put(name() + " " + 2 * number);
      queue.put("it is itself: " + (JvmProcess.currentProcess() == this && pid() == here()));
      queue.put(toString());
      try {
        join();
      } catch (IllegalStateException e) {
        queue.put(String.valueOf(e.getMessage()));
      }
    }
  }

  /// Asks another thread about its process while it is written, which is a part of the start.
  private static final class Asking implements SerializableRunnable {
    private static final long serialVersionUID = 1L;

    private final transient CompletableFuture<JvmProcess> process = new CompletableFuture<>();
    private String answer = "";

    private void writeObject(ObjectOutputStream out) throws IOException {
      JvmProcess asked = process.join();
      answer =
          CompletableFuture.supplyAsync(
                  () -> asked + " " + asked.name() + " " + asked.isDaemon() + " " + asked.authKey())
              .orTimeout(LONG.toSeconds(), TimeUnit.SECONDS)
              .join();
      out.defaultWriteObject();
    }

    @Override
    public void run() {
      if (!answer.startsWith("JvmProcess[asked, initial] asked false ")) {
        throw new IllegalStateException(answer);
      }
    }
  }

  @Test
  void questionsAreAnsweredWhileItIsStarted() throws Exception {
    Asking task = new Asking();
    JvmProcess process = JvmProcess.of("asked", task);
    task.process.complete(process);
    process.start();
    process.join();
    assertThat(process.exitCode()).as("%s", process.certificate()).hasValue(0);
  }

  @Test
  void subclassRunsWithItsFieldsAndIsTheCurrentProcess() throws Exception {
    SharedQueue<String> queue = SharedQueue.create();
    Doubling process = new Doubling(queue, 21);
    assertThat(process).hasToString("Doubling[doubling, initial]");
    process.start();
    process.join();
    assertThat(process.exitCode()).hasValue(0);
    assertThat(queue.poll()).isEqualTo("doubling 42");
    assertThat(queue.poll()).isEqualTo("it is itself: true");
    assertThat(queue.poll()).isEqualTo("Doubling[doubling, started]");
    assertThat(queue.poll()).isEqualTo("a process cannot join or end itself: process=doubling");
    queue.destroy();
  }

  private static final class Holding extends JvmProcess {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings({"serial", "UnusedVariable"}) // that it cannot be sent is the point
    private final Object held;

    Holding(Object held) {
      this.held = held;
    }
  }

  @Test
  void subclassWhoseFieldCannotBeSentSaysWhich() {
    assertThatThrownBy(new Holding(new Socket())::start)
        .isInstanceOf(NotSendableException.class)
        .hasMessageContaining("held")
        .hasMessageContaining("java.net.Socket");
    assertThatThrownBy(new Holding(JvmProcess.of("other", () -> {}))::start)
        .isInstanceOf(NotSendableException.class)
        .hasMessageContaining("cannot be sent to another: process=other");
  }

  @Test
  void processThatATaskCapturesIsRefusedWithTheReason() {
    JvmProcess other = JvmProcess.of("other", () -> {});
    assertThatThrownBy(JvmProcess.of(() -> other.join())::start)
        .isInstanceOf(NotSendableException.class)
        .hasMessage(
            "a JvmProcess belongs to the process that made it, which alone can start, join or end"
                + " it, and cannot be sent to another: process=other; send its pid, or what the"
                + " other one shall know");
    assertThatThrownBy(JvmProcess.of(new Wrapped(JvmProcess.currentProcess())::run)::start)
        .isInstanceOf(NotSendableException.class)
        .hasMessageContaining("process=main");
  }

  private record Wrapped(JvmProcess process) implements java.io.Serializable {
    void run() {}
  }

  @Test
  void subclassWithoutRunFails() {
    try (ChildJvm parent =
        ChildJvm.body(
                () -> {
                  JvmProcess process = new Holding("nothing");
                  process.start();
                  process.join();
                  System.out.println(process.exitCode().orElseThrow());
                })
            .start()) {
      parent.succeed();
      assertThat(parent.out()).contains("1");
      assertThat(parent.err()).contains("a subclass of JvmProcess must override run");
    }
  }

  @Test
  void parentIsKnownAndCannotBeEndedFromBelow() throws Exception {
    assertThat(JvmProcess.parentProcess()).isEmpty();
    try (Pipe pipe = Pipe.duplex()) {
      Connection far = pipe.second();
      JvmProcess process = JvmProcess.of(() -> tellOfParent(far));
      process.start();
      String told = requireNonNull((String) pipe.first().recv());
      process.join();
      assertThat(told)
          .isEqualTo(
              "main "
                  + here()
                  + " true false [JvmProcess[main, started]] IllegalStateException"
                  + " IllegalStateException IllegalStateException IllegalStateException");
    }
  }

  private static void tellOfParent(Connection far) throws Exception {
    JvmProcess parent = JvmProcess.parentProcess().orElseThrow();
    String told = parent.name() + " " + parent.pid() + " " + parent.isAlive();
    told += " " + parent.join(Duration.ofMillis(1)) + " [" + parent + "]";
    told += " " + thrown(parent::kill) + " " + thrown(parent::stop) + " " + thrown(parent::start);
    told += " " + thrown(() -> Waitable.awaitAny(List.of(parent)));
    far.send(told);
  }

  private interface Action {
    void run() throws Exception;
  }

  private static String thrown(Action action) {
    try {
      action.run();
      return "nothing";
    } catch (Exception e) {
      return e.getClass().getSimpleName();
    }
  }

  @Test
  void keyIsInheritedAndNowhereToBeSeen() throws Exception {
    byte[] own = JvmProcess.currentProcess().authKey().toBytes();
    assertThat(own).hasSize(32);
    assertThat(keyIn(null)).isEqualTo(own);
    byte[] other = "another secret of some length".getBytes(StandardCharsets.UTF_8);
    assertThat(keyIn(AuthKey.of(other))).isEqualTo(other);
    assertThat(tells("the key is 616E6F74", "anot".getBytes(StandardCharsets.UTF_8))).isTrue();
  }

  /// The key that a grandchild has; its command line and environment have been searched for it.
  private static byte[] keyIn(@Nullable AuthKey given) throws Exception {
    try (Pipe pipe = Pipe.duplex()) {
      Connection far = pipe.second();
      JvmProcess process =
          JvmProcess.of(() -> {
            JvmProcess inner = JvmProcess.of(() -> tellKey(far));
            inner.start();
            inner.join();
          });
      if (given != null) {
        process.setAuthKey(given);
      }
      process.start();
      assertThatThrownBy(() -> process.setAuthKey(AuthKey.random()))
          .isInstanceOf(IllegalStateException.class);
      byte[] key = pipe.first().recvBytes();
      assertThat(pipe.first().recv()).isEqualTo("");
      process.join();
      return key;
    }
  }

  private static void tellKey(Connection far) throws Exception {
    AuthKey key = JvmProcess.currentProcess().authKey();
    far.sendBytes(key.toBytes());
    String seen = "";
    for (String file : List.of("cmdline", "environ")) {
      byte[] content = Files.readAllBytes(Path.of("/proc/self", file));
      if (tells(new String(content, StandardCharsets.ISO_8859_1), key.toBytes())) {
        seen += file;
      }
    }
    if (tells(key + " " + JvmProcess.currentProcess(), key.toBytes())) {
      seen += "toString";
    }
    if (tells(System.getProperties().toString(), key.toBytes())) {
      seen += "properties";
    }
    far.send(seen);
  }

  /// Whether the key stands in a text in one of the ways in which bytes are written.
  private static boolean tells(String text, byte[] key) {
    HexFormat hex = HexFormat.of();
    return Stream.of(
            new String(key, StandardCharsets.ISO_8859_1),
            hex.formatHex(key),
            hex.withUpperCase().formatHex(key),
            Base64.getEncoder().withoutPadding().encodeToString(key),
            Base64.getUrlEncoder().withoutPadding().encodeToString(key),
            Arrays.toString(key))
        .anyMatch(text::contains);
  }

  @Test
  void nameAndDaemonAreSetBeforeTheStart() throws Exception {
    JvmProcess process = JvmProcess.of(() -> System.exit(isAsSet() ? 7 : 8));
    process.setName("renamed");
    process.setDaemon(true);
    process.start();
    assertThat(process).hasToString("JvmProcess[renamed, started daemon]");
    assertThatThrownBy(() -> process.setName("late"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("name must be set before the process is started: process=renamed");
    assertThatThrownBy(() -> JvmProcess.currentProcess().setDaemon(true))
        .isInstanceOf(IllegalStateException.class);
    assertThat(process.join(LONG)).isTrue();
    process.join();
    assertThat(process.exitCode()).hasValue(7);
  }

  /// Of a daemon, whose child is one, too.
  private static boolean isAsSet() {
    JvmProcess self = JvmProcess.currentProcess();
    JvmProcess child = JvmProcess.of(() -> {});
    child.start();
    return self.name().equals("renamed") && self.isDaemon() && child.isDaemon();
  }

  @Test
  void processorsAreCounted() {
    assertThat(Processors.usable()).isBetween(1, Processors.count());
    assertThat(Processors.count("0\n")).isEqualTo(1);
    assertThat(Processors.count("0-3,6,8-9\n")).isEqualTo(7);
  }

  private static long here() {
    return ProcessHandle.current().pid();
  }
}

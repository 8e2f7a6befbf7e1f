package io.procession.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.procession.testing.ChildJvm;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Processes that are started where, when or as few do.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class OddStartsIT {
  private static final int LARGE = 64 << 20;

  @Test
  void virtualThreadStartsAndJoins() throws Exception {
    JvmProcess process = JvmProcess.of(() -> System.exit(3));
    Thread thread =
        Thread.ofVirtual()
            .start(() -> {
              process.start();
              process.close(); // waits for its end
            });
    thread.join();
    assertThat(process.exitCode()).hasValue(3);
  }

  @Test
  void interruptedThreadStartsAndStaysInterrupted() throws Exception {
    JvmProcess process = JvmProcess.of(() -> {});
    Thread.currentThread().interrupt();
    process.start();
    assertThat(Thread.interrupted()).isTrue();
    process.join();
    assertThat(process.exitCode()).hasValue(0);
  }

  @Test
  void oneOfManyWhoStartItAtOnceDoes() throws Exception {
    JvmProcess process = JvmProcess.of(() -> {});
    AtomicInteger started = new AtomicInteger();
    AtomicInteger refused = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                try {
                  process.start();
                  started.incrementAndGet();
                } catch (IllegalStateException e) {
                  refused.incrementAndGet();
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(started).hasValue(1);
    assertThat(refused).hasValue(7);
    process.join();
    process.close();
    assertThatIllegalStateException().isThrownBy(process::start).withMessageContaining("only once");
  }

  @Test
  void whatATaskCapturesMayBeLarge() throws Exception {
    byte[] captured = new byte[LARGE];
    captured[LARGE - 1] = 7;
    LaunchOptions options = LaunchOptions.defaults().withMaxHeap(4L * LARGE);
    JvmProcess process =
        JvmProcess.of("large", options, () -> System.exit(captured[captured.length - 1]));
    process.start();
    process.join();
    assertThat(process.exitCode()).hasValue(7);
  }

  @Test
  void whatTheHeapIsTooSmallForIsTold() throws Exception {
    byte[] captured = new byte[LARGE];
    LaunchOptions options = LaunchOptions.defaults().withMaxHeap(LARGE / 2);
    JvmProcess process = JvmProcess.of("small", options, () -> System.exit(captured.length));
    process.start();
    process.join();
    DeathCertificate certificate = process.certificate().orElseThrow();
    assertThat(certificate.cause()).isEqualTo(DeathCause.OUT_OF_HEAP);
    assertThat(certificate.sentence()).endsWith(" had no heap left before its task began");
  }

  @Test
  void nameIsWhatItIsAndTheCertificateOneLine() throws Exception {
    String name = "a\nb\t\"'$(x) €";
    JvmProcess process =
        JvmProcess.of(
            name,
            LaunchOptions.defaults(),
            () -> System.exit(JvmProcess.currentProcess().name().equals(name) ? 0 : 1));
    process.start();
    process.join();
    assertThat(process.exitCode()).hasValue(0);
    DeathCertificate certificate = process.certificate().orElseThrow();
    assertThat(certificate.name()).isEqualTo(name);
    assertThat(certificate.sentence()).startsWith("a b \"'$(x) € (pid ").doesNotContain("\n");
  }

  @Test
  void exitHookStartsProcessesAndAJvmThatEndsDoesNot() {
    try (ChildJvm parent =
        ChildJvm.body(() ->
                ExitHook.add(
                    ExitHook.USER,
                    () -> {
                      JvmProcess process = JvmProcess.of(() -> System.out.println("child runs"));
                      process.start();
                      process.close();
                      System.out.println("hook has joined " + process.exitCode().orElseThrow());
                    }))
            .start()) {
      parent.succeed();
      assertThat(parent.out().lines()).containsExactly("child runs", "hook has joined 0");
    }
    try (ChildJvm parent =
        ChildJvm.body(
                () -> {
                  Thread hook =
                      new Thread(() -> {
                        try {
                          JvmProcess.of(() -> {}).start();
                        } catch (IllegalStateException e) {
                          System.out.println(e.getMessage());
                        }
                      });
                  Runtime.getRuntime().addShutdownHook(hook);
                })
            .start()) {
      parent.succeed();
      assertThat(parent.out()).startsWith("no process can be started while this JVM ends");
    }
  }
}

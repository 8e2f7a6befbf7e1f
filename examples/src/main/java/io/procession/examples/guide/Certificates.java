package io.procession.examples.guide;

import io.procession.Procession;
import io.procession.process.DeathCertificate;
import io.procession.process.JvmProcess;
import io.procession.process.LaunchOptions;
import io.procession.process.Output;
import io.procession.serial.SerializableRunnable;
import io.procession.sync.SharedEvent;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Ways to end, and what the certificate says of each.
public final class Certificates {
  private static final LaunchOptions SILENT =
      LaunchOptions.defaults().withOutput(Output.discard()).withMaxHeap(64 << 20);

  private Certificates() {}

  public static void main(String[] args) throws Exception {
    Part.of("signals", Certificates::signals);
    Part.of("crash", Certificates::crash);
  }

  private static void signals() throws Exception {
    List<JvmProcess> processes = new ArrayList<>();
    // [ways]
    processes.add(process("returns", () -> {}));
    processes.add(
        process(
            "throws",
            () -> {
              throw new IllegalStateException("no licence");
            }));
    processes.add(process("exits", () -> System.exit(3)));
    processes.add(process("halts", () -> Runtime.getRuntime().halt(3)));
    processes.add(
        process(
            "eats",
            () -> {
              var eaten = new ArrayList<long[]>();
              while (eaten.size() < 1_000) {
                eaten.add(new long[1 << 20]);
              }
            }));
    JvmProcess cannot = JvmProcess.of("cannot", SILENT.withJvmFlags("-XX:+NoSuchFlag"), () -> {});
    processes.add(cannot);
    // [end]
    for (JvmProcess process : processes) {
      process.start();
    }
    SharedEvent asleep = Procession.event();
    JvmProcess stopped = sleeper("stopped", asleep);
    JvmProcess terminated = sleeper("terminated", asleep);
    JvmProcess killed = sleeper("killed", asleep);
    JvmProcess murdered = sleeper("murdered", asleep);
    // [signals]
    stopped.stop();
    terminated.terminate();
    killed.kill();
    ProcessHandle.of(murdered.pid()).orElseThrow().destroyForcibly(); // not by the library
    // [end]
    processes.addAll(List.of(stopped, terminated, killed, murdered));
    for (JvmProcess process : processes) {
      process.join();
      DeathCertificate certificate = process.certificate().orElseThrow();
      System.out.println(certificate.cause() + ": " + certificate.sentence());
    }
    asleep.destroy();
  }

  private static JvmProcess process(String name, SerializableRunnable task) {
    return JvmProcess.of(name, SILENT, task);
  }

  private static JvmProcess sleeper(String name, SharedEvent asleep) throws InterruptedException {
    asleep.clear();
    JvmProcess sleeper =
        process(
            name,
            () -> {
              asleep.set();
              Thread.sleep(Duration.ofHours(1));
            });
    sleeper.start();
    asleep.await();
    return sleeper;
  }

  @SuppressWarnings("restricted") // does on purpose what native code does by mistake
  private static void crash() throws InterruptedException {
    // [crash]
    JvmProcess decoder =
        JvmProcess.of(
            "decoder",
            SILENT,
            () -> {
              System.err.println("frame 4711");
              MemorySegment wild = MemorySegment.ofAddress(8).reinterpret(4);
              wild.get(ValueLayout.JAVA_INT, 0); // as a bug of native code would
            });
    decoder.start();
    decoder.join();
    DeathCertificate death = decoder.certificate().orElseThrow();
    System.out.println(death.cause() + ": " + death.sentence().replaceFirst(", at .*", ", at ..."));
    System.out.println(death.crashReport().contains("Problematic frame:"));
    System.out.println(death.lastWords());
    // [end]
  }
}

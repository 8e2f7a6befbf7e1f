package io.procession;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.context.Context;
import io.procession.process.JvmProcess;
import io.procession.process.LaunchOptions;
import io.procession.process.StartMethod;
import io.procession.serial.SerializableRunnable;
import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The ways to make a process: wherever there is one, a name and options can be given before the task.
@Tag("platforms")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ProcessFactoriesTest {
  private static final LaunchOptions AS_THREAD =
      LaunchOptions.defaults().withStartMethod(StartMethod.DUMMY);

  private static final Context DUMMY = Context.dummy();
  private static final Context SPAWN = Context.spawn();

  private static volatile String seen = "";

  private static void tell() {
    seen = JvmProcess.currentProcess().name();
  }

  /// Each class that makes processes, and by which methods.
  static Stream<List<Object>> factories() {
    return Stream.of(
        List.of(JvmProcess.class, "of"),
        List.of(Context.class, "process"),
        List.of(Context.class, "start"),
        List.of(Procession.class, "process"),
        List.of(Procession.class, "start"));
  }

  @ParameterizedTest
  @MethodSource("factories")
  void takeTheSameEverywhere(List<Object> factory) {
    Stream<Method> all = Stream.of(((Class<?>) factory.getFirst()).getMethods());
    assertThat(
            all.filter(method -> method.getName().equals(factory.getLast()))
                .filter(method -> method.getReturnType() == JvmProcess.class)
                .map(method -> List.<Class<?>>of(method.getParameterTypes())))
        .containsExactlyInAnyOrder(
            List.of(SerializableRunnable.class),
            List.of(String.class, SerializableRunnable.class),
            List.of(LaunchOptions.class, SerializableRunnable.class),
            List.of(String.class, LaunchOptions.class, SerializableRunnable.class));
  }

  /// Not started; where the context would start a JVM, the options say that it is to be a thread.
  static Stream<JvmProcess> withNames() {
    return Stream.of(
        DUMMY.process("named", () -> tell()),
        DUMMY.process("named", LaunchOptions.defaults(), () -> tell()),
        SPAWN.process("named", AS_THREAD, () -> tell()),
        Procession.process("named", AS_THREAD, () -> tell()),
        JvmProcess.of("named", AS_THREAD, () -> tell()));
  }

  static Stream<JvmProcess> withoutNames() {
    return Stream.of(
        DUMMY.process(() -> tell()),
        DUMMY.process(LaunchOptions.defaults(), () -> tell()),
        SPAWN.process(AS_THREAD, () -> tell()),
        Procession.process(AS_THREAD, () -> tell()),
        JvmProcess.of(AS_THREAD, () -> tell()));
  }

  @ParameterizedTest
  @MethodSource("withNames")
  void namesAndOptionsReachTheProcess(JvmProcess process) throws Exception {
    assertThat(process).hasToString("JvmProcess[named, initial]");
    assertThat(ran(started(process))).isEqualTo("named");
  }

  @ParameterizedTest
  @MethodSource("withoutNames")
  void whoGivesNoNameGetsOne(JvmProcess process) throws Exception {
    assertThat(process.isAlive()).isFalse();
    assertThat(ran(started(process))).isEqualTo(process.name()).startsWith("Process-");
  }

  @Test
  void theyAreStartedAtOnceBySoManyMethods() throws Exception {
    assertThat(ran(DUMMY.start(() -> tell()))).startsWith("Process-");
    assertThat(ran(DUMMY.start("named", () -> tell()))).isEqualTo("named");
    assertThat(ran(DUMMY.start(LaunchOptions.defaults(), () -> tell()))).startsWith("Process-");
    assertThat(ran(SPAWN.start(AS_THREAD, () -> tell()))).startsWith("Process-");
    assertThat(ran(SPAWN.start("named", AS_THREAD, () -> tell()))).isEqualTo("named");
    assertThat(ran(Procession.start(AS_THREAD, () -> tell()))).startsWith("Process-");
    assertThat(ran(Procession.start("named", AS_THREAD, () -> tell()))).isEqualTo("named");
  }

  private static JvmProcess started(JvmProcess process) {
    process.start();
    return process;
  }

  /// By which name the process that was a thread of this JVM has known itself.
  private static String ran(JvmProcess process) throws InterruptedException {
    process.join();
    assertThat(process.exitCode()).hasValue(0);
    assertThat(process.pid()).isEqualTo(ProcessHandle.current().pid());
    return seen;
  }
}

package io.procession.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.internal.posix.Processors;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LaunchOptionsTest {
  @Test
  void eachWithChangesOneThing() {
    LaunchOptions options =
        LaunchOptions.defaults()
            .withJvmFlags("-Xmx64m", "-ea")
            .withSystemProperty("a", "1")
            .withSystemProperty("b", "2")
            .withSystemProperty("a", "3")
            .withEnvironment("E", "x=y")
            .withWorkingFolder(Path.of("/tmp"));
    assertThat(options.jvmFlags()).containsExactly("-Xmx64m", "-ea");
    assertThat(options.systemProperties()).isEqualTo(Map.of("a", "3", "b", "2"));
    assertThat(options.environment()).isEqualTo(Map.of("E", "x=y"));
    assertThat(options.workingFolder()).isEqualTo(Path.of("/tmp"));
    assertThat(options.withWorkingFolder(null).workingFolder()).isNull();
    assertThat(LaunchOptions.defaults().jvmFlags()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Main",
        "",
        "-",
        "--",
        "-cp",
        "--class-path=x",
        "-jar",
        "-m",
        "@file",
        "-Xmx64m -Xss1m"
      })
  void flagsThatAreNoneOrOursAreRefused(String flag) {
    LaunchOptions defaults = LaunchOptions.defaults();
    assertThatThrownBy(() -> defaults.withJvmFlags(flag))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("flag=" + flag);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-XX:OnError=kill -9 %p",
        "-javaagent:/opt/my -agents/a.jar",
        "-Xbootclasspath/a:/opt/a -b.jar"
      })
  void flagWhoseValueHasSpacesIsOne(String flag) {
    assertThat(LaunchOptions.defaults().withJvmFlags(flag).jvmFlags()).containsExactly(flag);
  }

  @Test
  void allOfItCanBeSaid() {
    LaunchOptions options =
        LaunchOptions.defaults()
            .withStartMethod(StartMethod.FORKSERVER)
            .withMaxHeap(64 << 20)
            .withClassPath(Path.of("a.jar"))
            .withClassPath(Path.of("/b.jar"))
            .withNiceness(5)
            .withProcessors(3, 1)
            .withOutput(Output.discard())
            .withStartLimit(Duration.ofSeconds(5));
    assertThat(options.startMethod()).isEqualTo(StartMethod.FORKSERVER);
    assertThat(options.maxHeap()).isEqualTo(64 << 20);
    assertThat(options.classPath())
        .containsExactly(Path.of("a.jar").toAbsolutePath(), Path.of("/b.jar"));
    assertThat(options.niceness()).isEqualTo(5);
    assertThat(options.processors()).containsExactly(1, 3);
    assertThat(options.output()).isEqualTo(Output.discard());
    assertThat(options.startLimit()).isEqualTo(Duration.ofSeconds(5));
    assertThat(options.withNiceness(0)).isNotEqualTo(options).isEqualTo(options.withNiceness(0));
  }

  @Test
  void valuesThatCannotBeAreRefused() {
    LaunchOptions defaults = LaunchOptions.defaults();
    List<Runnable> wrong =
        List.of(
            () -> defaults.withMaxHeap(-1),
            () -> defaults.withMaxHeap(1000),
            () -> defaults.withMaxHeap(64 << 20).withJvmFlags("-Xmx1g"),
            () -> defaults.withNiceness(-1),
            () -> defaults.withNiceness(20),
            () -> defaults.withProcessors(-1),
            () -> defaults.withStartLimit(Duration.ZERO),
            () -> defaults.withEnvironment("", "x"),
            () -> defaults.withEnvironment("A=B", "x"),
            () -> defaults.withEnvironment("A", "\0"),
            () -> defaults.withSystemProperty("a", "\0"),
            () -> defaults.withJvmFlags("-D\0"));
    for (Runnable each : wrong) {
      assertThatThrownBy(each::run).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void listsOfProcessorsAreUnderstood() {
    assertThat(Processors.numbers("0-2,5,7-8")).containsExactly(0, 1, 2, 5, 7, 8);
  }

  @Test
  void nameOfAPropertyIsChecked() {
    LaunchOptions defaults = LaunchOptions.defaults();
    assertThatThrownBy(() -> defaults.withSystemProperty("a=b", "c"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("name=a=b; give the value apart");
  }
}

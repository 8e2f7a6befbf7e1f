package io.procession.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
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
  @ValueSource(strings = {"Main", "", "-", "--", "-cp", "--class-path=x", "-jar", "-m", "@file"})
  void flagsThatAreNoneOrOursAreRefused(String flag) {
    LaunchOptions defaults = LaunchOptions.defaults();
    assertThatThrownBy(() -> defaults.withJvmFlags(flag))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("flag=" + flag);
  }

  @Test
  void nameOfAPropertyIsChecked() {
    LaunchOptions defaults = LaunchOptions.defaults();
    assertThatThrownBy(() -> defaults.withSystemProperty("a=b", "c"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("name=a=b");
  }
}

package io.procession.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CarriedFlagsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "-Xmx64m",
        "-ea",
        "-Dx=a b",
        "--add-opens=java.base/java.lang=ALL-UNNAMED",
        "--patch-module=a=b",
        "-javaagent:agent.jar=x",
        "-XX:+UseZGC",
        "-XX:+HeapDumpOnOutOfMemoryError",
        "-Xlog:gc",
        "-Xlog:gc:file=gc-%p.log",
        "-Xlog:gc:gc-%p.log",
        "-Xlog:gc::uptime",
        "-Xlog:gc:stderr:uptime",
        "-Xlog:disable",
        "-XX:StartFlightRecording",
        "-XX:StartFlightRecording:filename=%p.jfr",
        "-Dprocession.platform=portable"
      })
  void flagsAreCarriedOver(String flag) {
    assertThat(CarriedFlags.of(List.of(flag), Map.of())).containsExactly(flag);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-Xlog:gc:file=gc.log",
        "-Xlog:gc:gc.log",
        "-Xlog:gc*,safepoint:gc.log:uptime:filecount=2",
        "-Xlog::all.log",
        "-Xloggc:gc.log",
        "-XX:StartFlightRecording:filename=one.jfr",
        "-XX:AOTCache=app.aot",
        "-XX:SharedArchiveFile=app.jsa",
        "-XX:DumpLoadedClassList=app.classlist",
        "-Dcom.sun.management.jmxremote.port=9999",
        "-Dprocession.crash=LOCK_TAKEN",
        "-agentlib:jdwp=transport=dt_socket,server=n,address=localhost:1234,suspend=y"
      })
  void flagsThatTwoJvmsCannotShareAreNot(String flag) {
    assertThat(CarriedFlags.of(List.of("-ea", flag), Map.of())).containsExactly("-ea");
  }

  @Test
  void debuggerThatListensGetsAPortOfItsOwn() {
    String flag = "-agentlib:jdwp=transport=dt_socket,server=y,suspend=y,address=*:5005";
    assertThat(CarriedFlags.of(List.of(flag), Map.of()))
        .containsExactly("-agentlib:jdwp=transport=dt_socket,server=y,suspend=n");
  }

  @Test
  void whatTheEnvironmentBringsAnywayIsNotGivenTwice() {
    List<String> arguments =
        List.of("-Dtool=1", "-javaagent:a.jar", "-Dq=a b", "-Dmine=1", "-Dtool=1");
    Map<String, String> environment =
        Map.of(
            "JAVA_TOOL_OPTIONS", "-Dtool=1  -javaagent:a.jar", "JDK_JAVA_OPTIONS", "\"-Dq=a b\"");
    assertThat(CarriedFlags.of(arguments, environment)).containsExactly("-Dmine=1", "-Dtool=1");
  }

  @Test
  void variableWithAFlagThatTwoJvmsCannotShareIsCarriedInstead() {
    String debugger = "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=*:5005";
    assertThat(
            CarriedFlags.of(
                List.of(debugger, "-Dq=1", "-Dmine=1"),
                Map.of("JAVA_TOOL_OPTIONS", debugger + " -Dq=1")))
        .containsExactly(
            "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n", "-Dq=1", "-Dmine=1");
    assertThat(CarriedFlags.cleaned("-Xlog:gc:file=gc.log '-Dq=a b'")).containsExactly("-Dq=a b");
  }

  @ParameterizedTest
  @CsvSource({"-XX:+UseSerialGC,true", "-XX:+UseZGC,true", "-XX:+UseNUMA,false", "-Xmx1g,false"})
  void collectorIsRecognized(String flag, boolean chooses) {
    assertThat(CarriedFlags.choosesCollector(flag)).isEqualTo(chooses);
  }
}

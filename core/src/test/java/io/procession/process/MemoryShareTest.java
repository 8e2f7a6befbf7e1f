package io.procession.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryShareTest {
  @ParameterizedTest
  @CsvSource({
    "1,1,25",
    "1,2,25",
    "2,2,25",
    "3,2,18.75",
    "4,2,18.75",
    "5,2,9.375",
    "8,8,9.375",
    "1,8,9.375",
    "9,8,4.6875",
    "1,16,4.6875",
    "200,2,0.29296875"
  })
  void childrenTogetherGetThreeQuartersAndEachAtMostOne(
      int children, int processors, double share) {
    assertThat(MemoryShare.percentage(75, children, processors)).isEqualTo(share);
  }

  @ParameterizedTest
  @CsvSource({
    "-ea,75",
    "-XX:MaxRAMPercentage=40,60",
    "-XX:MaxRAMPercentage=25.0,75",
    "-XX:MaxRAMPercentage=75,25",
    "-XX:MaxRAMPercentage=90,25",
    "-XX:MaxRAMPercentage=10,90",
    "-XX:MinRAMPercentage=60,75",
    "-XX:MaxRAMPercentage=90 -XX:MaxRAMPercentage=50,50",
    "-XX:MaxRAMPercentage=9.38 -Dprocession.heap.children=60.00,60"
  })
  void childrenHaveWhatTheFirstProcessLeaves(String flags, double all) {
    assertThat(MemoryShare.ofChildren(List.of(flags.split(" ")))).isEqualTo(all);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"-Xmx1g", "-XX:MaxHeapSize=1g", "-XX:MaxRAMPercentage=50", "-XX:MaxRAM=1g"})
  void whoHasChosenHasChosen(String flag) {
    assertThat(MemoryShare.flags(List.of("-ea", flag), 75, 8, 2))
        .containsExactly("-Dprocession.heap.children=75.00");
  }

  @Test
  void sizeAtTheBeginningIsNoLimit() {
    assertThat(MemoryShare.flags(List.of("-XX:InitialRAMPercentage=1"), 75, 8, 2))
        .contains("-XX:MaxRAMPercentage=9.38");
    assertThat(MemoryShare.isSharedBy("-XX:InitialRAMPercentage=1")).isFalse();
  }

  @Test
  void othersGetTheirShare() {
    assertThat(MemoryShare.flags(List.of("-ea", "-Xms1m"), 75, 8, 2))
        .containsExactly(
            "-XX:MaxRAMPercentage=9.38",
            "-XX:MinRAMPercentage=9.38",
            "-Dprocession.heap.children=75.00");
  }

  @Test
  void whatAProcessHasOfTheMemoryIsNotPassedOn() {
    List<String> shared = new ArrayList<>(MemoryShare.flags(List.of("-ea"), 75, 8, 2));
    shared.add("-ea");
    MemoryShare.removeOwn(shared);
    assertThat(shared).containsExactly("-ea");
    List<String> first =
        new ArrayList<>(
            List.of("-XX:MaxRAMPercentage=50", "-Xmx1g", "-XX:InitialRAMPercentage=50"));
    MemoryShare.removeOwn(first);
    assertThat(first).containsExactly("-Xmx1g");
  }
}

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
    assertThat(MemoryShare.percentage(children, processors)).isEqualTo(share);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"-Xmx1g", "-XX:MaxHeapSize=1g", "-XX:MaxRAMPercentage=50", "-XX:MaxRAM=1g"})
  void whoHasChosenHasChosen(String flag) {
    assertThat(MemoryShare.flags(List.of("-ea", flag), 8, 2)).isEmpty();
  }

  @Test
  void othersGetTheirShare() {
    assertThat(MemoryShare.flags(List.of("-ea", "-Xms1m"), 8, 2))
        .startsWith("-XX:MaxRAMPercentage=9.38", "-XX:MinRAMPercentage=9.38");
  }

  @Test
  void childPassesOnWhatItsUserHasChosenAndNotItsShare() {
    List<String> shared = new ArrayList<>(MemoryShare.flags(List.of("-ea"), 8, 2));
    shared.add("-ea");
    MemoryShare.removeOwn(shared);
    assertThat(shared).containsExactly("-ea");
    List<String> chosen = new ArrayList<>(List.of("-XX:MaxRAMPercentage=50", "-ea"));
    MemoryShare.removeOwn(chosen);
    assertThat(chosen).containsExactly("-XX:MaxRAMPercentage=50", "-ea");
  }
}

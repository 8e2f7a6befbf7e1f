package io.procession.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What exit statuses say of an archive.
class AotCacheTest {
  @ParameterizedTest
  @CsvSource({
    "134,true",
    "139,true",
    "135,true",
    "0,false",
    "1,false",
    "127,false",
    "137,false",
    "143,false"
  })
  void onlyACrashSpeaksAgainstIt(int status, boolean isCrash) {
    assertThat(AotCache.isCrash(status)).isEqualTo(isCrash);
  }

  @ParameterizedTest
  @CsvSource({
    "1,true",
    "3,true",
    "0,false",
    "-9,false",
    "126,false",
    "127,false",
    "130,false",
    "137,false"
  })
  void onlyAChosenCodeSaysThatItCannotBeMade(int code, boolean isFailure) {
    assertThat(AotTraining.isFailure(code)).isEqualTo(isFailure);
  }
}

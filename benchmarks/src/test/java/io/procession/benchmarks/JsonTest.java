package io.procession.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class JsonTest {
  /// An object a row; what could not be had is null.
  @Test
  void rowsAreObjects() {
    assertThat(Json.of(ResultsFixture.mixed()))
        .isEqualTo(
            """
            [
              {"name": "speed", "unit": "msg/s", "procession": 5000000, \
            "peers": {"cpython-3.13": 250000, "agrona": 20000000}, \
            "ratio": {"cpython-3.13": 20, "agrona": 0.25}},
              {"name": "delay", "unit": "us", "procession": 12.5, \
            "peers": {"cpython-3.13": 25, "cpython-3.13-fork": 1.25, "agrona": null}, \
            "ratio": {"cpython-3.13": 2, "cpython-3.13-fork": 0.1, "agrona": null}},
              {"name": "size", "unit": "MB", "procession": null, \
            "peers": {"cpython-3.13": 10.25}, "ratio": {"cpython-3.13": null}}
            ]
            """);
  }

  @Test
  void noRowsAreAnEmptyArray() {
    assertThat(Json.of(List.of())).isEqualTo("[]\n");
  }
}

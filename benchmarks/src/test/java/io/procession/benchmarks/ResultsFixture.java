package io.procession.benchmarks;

import io.procession.benchmarks.measure.Better;
import io.procession.benchmarks.measure.Workload;
import java.util.LinkedHashMap;
import java.util.List;

/// Results as a run could have them.
final class ResultsFixture {
  static final Workload RATE = Workload.of("speed", "msg/s", Better.HIGHER, 10, "how fast");
  static final Workload TIME = Workload.of("delay", "us", Better.LOWER, 4, "how soon");
  static final Workload SIZE = Workload.reported("size", "MB", Better.LOWER, "how large");

  private ResultsFixture() {}

  static List<Result> mixed() {
    var rate = new LinkedHashMap<String, Cell>();
    rate.put("procession", new Cell.Measured(5_000_000));
    rate.put("cpython-3.13", new Cell.Measured(250_000));
    rate.put("agrona", new Cell.Measured(20_000_000));
    var time = new LinkedHashMap<String, Cell>();
    time.put("procession", new Cell.Measured(12.5));
    time.put("cpython-3.13", new Cell.Measured(25));
    time.put("cpython-3.13-fork", new Cell.Measured(1.25));
    time.put("agrona", new Cell.Failed("no \"memory\""));
    var size = new LinkedHashMap<String, Cell>();
    size.put("procession", new Cell.Failed("exit code 1: java.io.EOFException"));
    size.put("cpython-3.13", new Cell.Measured(10.25));
    return List.of(new Result(RATE, rate), new Result(TIME, time), new Result(SIZE, size));
  }

  static List<Result> withoutPython() {
    var rate = new LinkedHashMap<String, Cell>();
    rate.put("procession", new Cell.Measured(5_000_000));
    return List.of(new Result(RATE, rate));
  }
}

package io.procession.benchmarks;

import io.procession.benchmarks.measure.Workload;
import io.procession.benchmarks.workloads.Catalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;

/// How a figure goes with something that grows: a row of workloads, as a table of comma-separated values and
/// as a plot.
enum Scale {
  QUEUE_PAYLOAD("bytes of an element", Catalog.queuePayloads()),
  CHILDREN_START("children", Catalog.childrenStart()),
  CHILDREN_PSS("children", Catalog.childrenPss()),
  POOL_MAP("workers", Catalog.poolMaps()),
  POOL_SKEWED("workers", Catalog.poolSkewed()),
  LOCK_WAITERS("waiters", Catalog.lockWaiters()),
  MANAGER_CLIENTS("callers", Catalog.managerClients());

  /// The labels of all, for the command line.
  static final class Labels implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Stream.of(values()).map(Scale::label).iterator();
    }
  }

  private final String grows;

  @SuppressWarnings("ImmutableEnumChecker") // a list that nobody changes
  private final List<Workload> workloads;

  Scale(String grows, List<Workload> workloads) {
    this.grows = grows;
    this.workloads = workloads;
  }

  /// The scale of that name, in small letters.
  static Optional<Scale> find(String name) {
    for (Scale scale : values()) {
      if (scale.label().equals(name)) {
        return Optional.of(scale);
      }
    }
    return Optional.empty();
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  List<Workload> workloads() {
    return workloads;
  }

  /// Writes `NAME.csv` and `NAME.svg` to a folder, which is made if need be.
  void write(List<Result> results, Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve(label() + ".csv"), csv(results));
    Files.writeString(folder.resolve(label() + ".svg"), plot(results));
  }

  /// A line for each size: the size, then each contestant's figure, empty where it failed.
  String csv(List<Result> results) {
    List<String> columns = columns(results);
    var text = new StringBuilder(label());
    for (String column : columns) {
      text.append(',').append(column);
    }
    text.append('\n');
    for (Result result : results) {
      text.append(size(result));
      for (String column : columns) {
        text.append(',');
        result.value(column).ifPresent(value -> text.append(Figures.exactly(value)));
      }
      text.append('\n');
    }
    return text.toString();
  }

  private String plot(List<Result> results) {
    SequencedMap<String, List<Plot.Point>> lines = new LinkedHashMap<>();
    for (String column : columns(results)) {
      var points = new ArrayList<Plot.Point>();
      for (Result result : results) {
        result.value(column).ifPresent(value -> points.add(new Plot.Point(size(result), value)));
      }
      lines.put(column, points);
    }
    return new Plot(label(), grows, results.getFirst().workload().unit(), lines).toSvg();
  }

  private static List<String> columns(List<Result> results) {
    Map<String, Boolean> columns = new LinkedHashMap<>();
    for (Result result : results) {
      result.cells().keySet().forEach(column -> columns.put(column, true));
    }
    return List.copyOf(columns.keySet());
  }

  private static long size(Result result) {
    String name = result.workload().name();
    return Long.parseLong(name.substring(name.lastIndexOf('_') + 1));
  }
}

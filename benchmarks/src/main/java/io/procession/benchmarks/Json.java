package io.procession.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.function.Function;

/// The results as JSON: an array with an object for each row.
final class Json {
  private Json() {}

  static String of(List<Result> results) {
    var rows = new ArrayList<String>();
    for (Result result : results) {
      rows.add("  " + row(result));
    }
    return rows.isEmpty() ? "[]\n" : "[\n" + String.join(",\n", rows) + "\n]\n";
  }

  /// A figure that could not be had is null.
  private static String row(Result result) {
    return "{\"name\": "
        + string(result.workload().name())
        + ", \"unit\": "
        + string(result.workload().unit())
        + ", \"procession\": "
        + number(result.procession())
        + ", \"peers\": "
        + byPeer(result.peers(), result::value)
        + ", \"ratio\": "
        + byPeer(result.peers(), result::ratio)
        + "}";
  }

  private static String byPeer(
      SequencedMap<String, Cell> peers, Function<String, OptionalDouble> figure) {
    var members = new ArrayList<String>();
    for (String peer : peers.sequencedKeySet()) {
      members.add(string(peer) + ": " + number(figure.apply(peer)));
    }
    return "{" + String.join(", ", members) + "}";
  }

  private static String number(OptionalDouble value) {
    return value.isPresent() ? Figures.exactly(value.getAsDouble()) : "null";
  }

  private static String string(String text) {
    var quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append("\\u00").append(Character.forDigit(c >> 4, 16));
        quoted.append(Character.forDigit(c & 15, 16));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}

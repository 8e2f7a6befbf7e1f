package io.procession.examples.census;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What a census found. Tallies of parts add up to the tally of the whole, in any order and grouping.
///
/// @param modules the counts of each module
/// @param calls how many instructions call each method ([MethodNames] says how methods are written);
///     `invokedynamic` calls none by name and is not among them
/// @param largest the method with the most instructions; null if no method has code
record Tally(
    Map<String, ModuleTally> modules, Map<String, Long> calls, @Nullable SizedMethod largest)
    implements Serializable {

  static final Tally NOTHING = new Tally(Map.of(), Map.of(), null);

  Tally {
    modules = Map.copyOf(modules);
    calls = Map.copyOf(calls);
  }

  Tally plus(Tally other) {
    return new TallyBuilder().add(this).add(other).build();
  }

  /// The counts of all modules together.
  ModuleTally total() {
    return modules.values().stream().reduce(ModuleTally.NOTHING, ModuleTally::plus);
  }

  /// The methods that most instructions call, most called first.
  List<Map.Entry<String, Long>> mostCalled(int limit) {
    return calls.entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(limit)
        .toList();
  }

  /// Every entry in which `other` is not the same, one line each; empty if they are equal.
  List<String> differencesFrom(Tally other) {
    List<String> differences = new ArrayList<>();
    compare("module", modules, other.modules, differences);
    compare("calls of", calls, other.calls, differences);
    if (!Objects.equals(largest, other.largest)) {
      differences.add("largest method: " + largest + " instead of " + other.largest);
    }
    return differences;
  }

  private static <V> void compare(
      String what, Map<String, V> mine, Map<String, V> others, List<String> differences) {
    TreeSet<String> keys = new TreeSet<>(mine.keySet());
    keys.addAll(others.keySet());
    for (String key : keys) {
      V here = mine.get(key);
      V there = others.get(key);
      if (!Objects.equals(here, there)) {
        differences.add(what + " " + key + ": " + here + " instead of " + there);
      }
    }
  }
}

package io.procession.stress.words;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.openjdk.jcstress.Main;

/// Runs jcstress on the tests of shared words, with what they need.
public final class WordTests {
  /*
   * Strides are short, since each state of a test takes a cell, a row or some units of one arena until
   * its arbiter frees it. Readers of rings do not spin: so they go to sleep, which is what is tried.
   * Both actors are compiled alike: one mode for each would take many times as long.
   */
  private static final List<String> DEFAULTS =
      List.of(
          "-sc",
          "false",
          "-strideSize",
          "16",
          "-strideCount",
          "16",
          "-jvmArgsPrepend",
          "--enable-native-access=ALL-UNNAMED -Dprocession.spin.nanos=0");

  private WordTests() {}

  /// Runs jcstress.
  ///
  /// @param args its options
  /// @throws Exception if a test fails, or an option is wrong
  public static void main(String[] args) throws Exception {
    List<String> all = new ArrayList<>(DEFAULTS);
    Collections.addAll(all, args);
    Main.main(all.toArray(String[]::new));
  }
}

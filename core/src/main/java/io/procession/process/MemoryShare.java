package io.procession.process;

import java.util.List;

/// How much of the memory a child's heap may take where nobody has said so.
///
/// A JVM that is alone takes up to a quarter of what the machine, or its cgroup, has. Several beside each
/// other must not: together children get three quarters, and each at most one quarter. How many they
/// will be nobody knows, but hardly fewer than there are processors to run on. What is beyond that is
/// counted in powers of two, so that few different flags come of it. Children of children share the same three
/// quarters: beside theirs, all processes of the session are counted.
///
/// A percentage that the first process was started with is its own part, and none of its children's: they have what it
/// leaves, but no less than a quarter.
final class MemoryShare {
  private static final double ALL = 100;
  private static final double OF_A_JVM = 25; // which has no flags

  private static final String MOST = "-XX:MaxRAMPercentage=";
  private static final String MOST_OF_LITTLE = "-XX:MinRAMPercentage="; // of little memory
  private static final List<String> LIMITS = List.of(MOST, MOST_OF_LITTLE);
  private static final List<String> PERCENTAGES =
      List.of(MOST, MOST_OF_LITTLE, "-XX:InitialRAMPercentage=");

  private static final List<String> SIZES = List.of("-Xmx", "-XX:MaxHeapSize=", "-XX:MaxRAM=");

  /// Tells a child what all children together have: a percentage.
  private static final String MARK = "-Dprocession.heap.children=";

  private MemoryShare() {}

  /// Removes what share this process has from the flags that its children get: theirs is another.
  static void removeOwn(List<String> flags) {
    flags.removeIf(flag -> flag.startsWith(MARK) || isShare(flag));
  }

  /// How much of the memory all children may take.
  ///
  /// @param own the flags of this process
  /// @return a percentage
  static double ofChildren(List<String> own) {
    double mine = OF_A_JVM;
    for (String flag : own) {
      if (flag.startsWith(MARK)) {
        return Double.parseDouble(flag.substring(MARK.length()));
      }
      if (flag.startsWith(MOST)) {
        mine = Double.parseDouble(flag.substring(MOST.length())); // the last one counts
      }
    }
    return Math.max(OF_A_JVM, ALL - mine);
  }

  /// True if one of the words of a variable of the environment chooses the size as a number of bytes.
  static boolean isSizedBy(String variable) {
    return hasAny(SIZES, variable);
  }

  /// True if one of them chooses it as a part of what there is.
  static boolean isSharedBy(String variable) {
    return hasAny(LIMITS, variable);
  }

  private static boolean hasAny(List<String> flags, String variable) {
    for (String flag : flags) {
      if (variable.contains(flag)) {
        return true;
      }
    }
    return false;
  }

  /// The flags that say so; if the size has been chosen, only [#mark].
  ///
  /// @param given the flags that the child has otherwise
  /// @param all what all children may take, a percentage
  /// @param children how many there will be with this one
  /// @param processors how many this process may use
  static List<String> flags(List<String> given, double all, int children, int processors) {
    for (String flag : given) {
      if (startsWithAny(LIMITS, flag) || startsWithAny(SIZES, flag)) {
        return List.of(mark(all));
      }
    }
    String share = decimal(percentage(all, children, processors));
    return List.of(MOST + share, MOST_OF_LITTLE + share, mark(all));
  }

  /// The flag that tells a child what all children may take: so that it is not taken for a first process.
  static String mark(double all) {
    return MARK + decimal(all);
  }

  /// True for flags that say so: an archive of classes does not depend on them.
  static boolean isShare(String flag) {
    return startsWithAny(PERCENTAGES, flag);
  }

  private static boolean startsWithAny(List<String> starts, String flag) {
    for (String start : starts) {
      if (flag.startsWith(start)) {
        return true;
      }
    }
    return false;
  }

  /// With two digits behind the point. By hand, since this is done at every start, and a formatter is not
  /// warm in a program that starts few.
  private static String decimal(double number) {
    long hundredths = Math.round(number * 100);
    long rest = hundredths % 100;
    return hundredths / 100 + (rest < 10 ? ".0" : ".") + rest;
  }

  static double percentage(double all, int children, int processors) {
    int beside = processors;
    while (beside < children) {
      beside *= 2;
    }
    return Math.min(OF_A_JVM, all / beside);
  }
}

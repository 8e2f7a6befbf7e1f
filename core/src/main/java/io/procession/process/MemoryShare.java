package io.procession.process;

import java.util.List;

/// How much of the memory a child's heap may take where nobody has said so.
///
/// A JVM that is alone takes up to a quarter of what the machine, or its cgroup, has. Several beside each
/// other must not: together children get three quarters, and each at most one quarter. How many they
/// will be nobody knows, but hardly fewer than there are processors to run on. What is beyond that is
/// counted in powers of two, so that few different flags come of it. Children of children share the same three
/// quarters: beside theirs, all processes of the session are counted.
final class MemoryShare {
  private static final double ALL_CHILDREN = 75;
  private static final double ONE_CHILD = 25;

  private static final List<String> CHOOSING =
      List.of(
          "-Xmx",
          "-XX:MaxHeapSize=",
          "-XX:MaxRAM=",
          "-XX:MaxRAMPercentage=",
          "-XX:MinRAMPercentage=");

  /// Tells a child that its share is no choice of its user's.
  private static final String MARK = "-Dprocession.heap=shared";

  private MemoryShare() {}

  /// Removes a share that this process was given from the flags that its children get: theirs may be another.
  static void removeOwn(List<String> flags) {
    if (flags.remove(MARK)) {
      flags.removeIf(MemoryShare::isShare);
    }
  }

  /// True if one of the words of such a variable chooses the size.
  static boolean isChosenBy(String variable) {
    for (String choosing : CHOOSING) {
      if (variable.contains(choosing)) {
        return true;
      }
    }
    return false;
  }

  /// The flags that say so, none if the size has been chosen.
  ///
  /// @param given the flags that the child has otherwise
  /// @param children how many there will be with this one
  /// @param processors how many this process may use
  static List<String> flags(List<String> given, int children, int processors) {
    for (String flag : given) {
      for (String choosing : CHOOSING) {
        if (flag.startsWith(choosing)) {
          return List.of();
        }
      }
    }
    String share = decimal(percentage(children, processors));
    // the second is the limit where there is little memory
    return List.of("-XX:MaxRAMPercentage=" + share, "-XX:MinRAMPercentage=" + share, MARK);
  }

  /// True for flags that say so: an archive of classes does not depend on them.
  static boolean isShare(String flag) {
    return flag.startsWith("-XX:MaxRAMPercentage=") || flag.startsWith("-XX:MinRAMPercentage=");
  }

  /// With two digits behind the point. By hand, since this is done at every start, and a formatter is not
  /// warm in a program that starts few.
  private static String decimal(double number) {
    long hundredths = Math.round(number * 100);
    long rest = hundredths % 100;
    return hundredths / 100 + (rest < 10 ? ".0" : ".") + rest;
  }

  static double percentage(int children, int processors) {
    int beside = processors;
    while (beside < children) {
      beside *= 2;
    }
    return Math.min(ONE_CHILD, ALL_CHILDREN / beside);
  }
}

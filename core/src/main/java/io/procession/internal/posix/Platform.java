package io.procession.internal.posix;

import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Which way this JVM reaches the system: by Linux's own calls, or by the portable stand-in.
///
/// The stand-in uses no native call: it polls shared words, and keeps the arena in a file. The
/// system property `procession.platform` chooses it (`portable`) or insists on the calls
/// (`native`); without it, Linux on x86-64 and arm64 is native and all else portable.
public enum Platform {
  NATIVE,
  PORTABLE;

  private static final String ILLEGAL_ACCESS = "--illegal-native-access=";

  private static final @Nullable Platform CURRENT;
  private static final @Nullable IllegalStateException REFUSAL;

  static {
    Platform chosen = null;
    IllegalStateException refusal = null;
    try {
      chosen = choose();
    } catch (IllegalStateException e) {
      refusal = e; // thrown from here, it would be an ExceptionInInitializerError
    }
    CURRENT = chosen;
    REFUSAL = refusal;
  }

  /// The way of this JVM, the same for its whole life.
  ///
  /// @throws IllegalStateException if it can have none
  public static Platform current() {
    Platform chosen = CURRENT;
    if (chosen == null) {
      IllegalStateException why = Objects.requireNonNull(REFUSAL);
      throw new IllegalStateException(why.getMessage(), why);
    }
    return chosen;
  }

  /// True if `/proc` tells of processes here.
  static boolean isLinux() {
    return "Linux".equals(System.getProperty("os.name"));
  }

  private static Platform choose() {
    String wanted = System.getProperty("procession.platform", "");
    if (wanted.equals("portable")) {
      return PORTABLE;
    }
    if (!wanted.isEmpty() && !wanted.equals("native")) {
      throw new IllegalStateException(
          "procession.platform must be native or portable: procession.platform=" + wanted);
    }
    String machine = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    boolean known = machine.equals("amd64") || machine.equals("aarch64");
    if (!isLinux() || !known) {
      if (!wanted.isEmpty()) {
        throw new IllegalStateException(
            "native calls are known for Linux on x86-64 and arm64 only: os.name="
                + System.getProperty("os.name")
                + ", os.arch="
                + machine);
      }
      return PORTABLE;
    }
    Module module = Platform.class.getModule();
    if (!module.isNativeAccessEnabled() && isNativeAccessDenied()) {
      String flag = module.isNamed() ? module.getName() : "ALL-UNNAMED";
      throw new IllegalStateException(
          "native access is denied to this module: start java with --enable-native-access="
              + flag
              + " (or choose the slower way with -Dprocession.platform=portable)");
    }
    return NATIVE;
  }

  /// A module that was not named on the command line is only warned about, unless the JVM is told to
  /// refuse it; of several such flags the last counts.
  private static boolean isNativeAccessDenied() {
    boolean denied = false;
    for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (argument.startsWith(ILLEGAL_ACCESS)) {
        denied = argument.endsWith("=deny");
      }
    }
    return denied;
  }
}

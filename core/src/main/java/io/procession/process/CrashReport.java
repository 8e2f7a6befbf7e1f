package io.procession.process;

import java.util.ArrayList;
import java.util.List;

/// The head of the file that HotSpot writes when it crashes: what happened, where, in which thread.
///
/// ```
/// #  SIGSEGV (0xb) at pc=0x00007f92cd43459d, pid=6493, tid=6494
/// # Problematic frame:
/// # V  [libjvm.so+0x123459d]  Unsafe_GetByte+0xad
/// Current thread (0x00007f92c402ac60):  JavaThread "main" [_thread_in_vm, id=6494, ...]
/// siginfo: si_signo: 11 (SIGSEGV), si_code: 1 (SEGV_MAPERR), si_addr: 0x0000000000000001
/// Java frames: (J=compiled Java code, j=interpreted, Vv=VM code)
/// j  Careless.main([Ljava/lang/String;)V+19
/// ```
///
/// @param text the lines of interest; empty if there is no report of this process
/// @param summary what happened and where, in one line
record CrashReport(String text, String summary) {
  static final CrashReport NONE = new CrashReport("", "");

  private static final String FRAME = "# Problematic frame:";
  private static final String JAVA_FRAMES = "Java frames:";
  private static final int MOST_JAVA_FRAMES = 8;
  private static final int MOST_LINES_OF_HEAD = 12;
  private static final List<String> BOILERPLATE =
      List.of(
          "# A fatal error has been detected",
          "# JRE version:",
          "# Java VM:",
          "# If you would like",
          "# CreateCoredumpOnCrash",
          "# Core dump will be",
          "# No core dump",
          "# Failed to write core dump",
          "#   http");

  /// @param file the beginning of such a file
  /// @param pid of whom it has to be: where one name serves for all, another may have written it
  static CrashReport of(String file, long pid) {
    if (!file.contains("pid=" + pid + ",")) {
      return NONE;
    }
    List<String> head = new ArrayList<>();
    List<String> thread = new ArrayList<>();
    int javaFrames = -1;
    for (String line : file.split("\n", -1)) {
      if (javaFrames >= 0 && javaFrames < MOST_JAVA_FRAMES) {
        javaFrames = line.isBlank() ? MOST_JAVA_FRAMES : javaFrames + 1;
        if (!line.isBlank()) {
          thread.add(line);
        }
      } else if (line.startsWith("#")) {
        if (isOfInterest(line) && head.size() < MOST_LINES_OF_HEAD) {
          head.add(line);
        }
      } else if (line.startsWith("Current thread") || line.startsWith("siginfo:")) {
        thread.add(line);
      } else if (line.startsWith(JAVA_FRAMES) && javaFrames < 0) {
        thread.add(line);
        javaFrames = 0;
      }
    }
    String summary = summary(head);
    head.addAll(thread);
    return new CrashReport(String.join("\n", head), summary);
  }

  boolean isEmpty() {
    return text.isEmpty();
  }

  /// `-XX:+CrashOnOutOfMemoryError`.
  boolean isOfHeap() {
    return summary.contains("OutOfMemory encountered");
  }

  /// The JVM asked the system for memory in vain.
  boolean isOfMemory() {
    return text.contains("There is insufficient memory for the Java Runtime Environment");
  }

  private static boolean isOfInterest(String line) {
    if (line.substring(1).isBlank()) {
      return false;
    }
    for (String start : BOILERPLATE) {
      if (line.startsWith(start)) {
        return false;
      }
    }
    return true;
  }

  private static String summary(List<String> head) {
    StringBuilder summary = new StringBuilder();
    for (int i = 0; i < head.size(); i++) {
      String line = head.get(i);
      if (line.startsWith(FRAME)) {
        String frame = i + 1 < head.size() ? head.get(i + 1).substring(1).strip() : "";
        summary.append(summary.isEmpty() ? "at " : ", at ").append(frame);
        break;
      }
      int end = line.contains(" at pc=") ? line.indexOf(" at pc=") : line.indexOf(", pid=");
      String what = (end < 0 ? line.substring(1) : line.substring(1, end)).strip();
      summary.append(summary.isEmpty() ? "" : ", ").append(what);
    }
    return summary.toString();
  }
}

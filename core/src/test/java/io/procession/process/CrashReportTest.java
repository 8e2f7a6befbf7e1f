package io.procession.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CrashReportTest {
  private static final String FILE =
      """
      #
      # A fatal error has been detected by the Java Runtime Environment:
      #
      #  SIGSEGV (0xb) at pc=0x00007f92cd43459d, pid=6493, tid=6494
      #
      # JRE version: OpenJDK Runtime Environment (25.0.3+9)
      # Problematic frame:
      # V  [libjvm.so+0x123459d]  Unsafe_GetByte+0xad
      #
      # If you would like to submit a bug report, please visit:
      #

      ---------------  S U M M A R Y ------------

      Command Line: -Dsecret=yes Careless

      Current thread (0x00007f92c402ac60):  JavaThread "main" [_thread_in_vm, id=6494]

      Java frames: (J=compiled Java code, j=interpreted, Vv=VM code)
      j  Careless.main([Ljava/lang/String;)V+19
      v  ~StubRoutines::call_stub 0x00007f92b3938fa6

      siginfo: si_signo: 11 (SIGSEGV), si_code: 1 (SEGV_MAPERR), si_addr: 0x0000000000000001

      Registers:
      """;

  @Test
  void headSaysWhatHappenedWhereAndInWhichThread() {
    CrashReport report = CrashReport.of(FILE, 6493);
    assertThat(report.text())
        .isEqualTo(
            """
            #  SIGSEGV (0xb) at pc=0x00007f92cd43459d, pid=6493, tid=6494
            # Problematic frame:
            # V  [libjvm.so+0x123459d]  Unsafe_GetByte+0xad
            Current thread (0x00007f92c402ac60):  JavaThread "main" [_thread_in_vm, id=6494]
            Java frames: (J=compiled Java code, j=interpreted, Vv=VM code)
            j  Careless.main([Ljava/lang/String;)V+19
            v  ~StubRoutines::call_stub 0x00007f92b3938fa6
            siginfo: si_signo: 11 (SIGSEGV), si_code: 1 (SEGV_MAPERR), si_addr: 0x0000000000000001\
            """);
    assertThat(report.summary())
        .isEqualTo("SIGSEGV (0xb), at V  [libjvm.so+0x123459d]  Unsafe_GetByte+0xad");
  }

  @Test
  void reportOfAnotherProcessIsNone() {
    assertThat(CrashReport.of(FILE, 649)).isEqualTo(CrashReport.NONE);
    assertThat(CrashReport.of("", 6493)).isEqualTo(CrashReport.NONE);
  }

  @Test
  void wantOfMemoryIsToldFromCrashes() {
    String full =
        """
        #  Internal Error (debug.cpp:271), pid=7, tid=8
        #  fatal error: OutOfMemory encountered: Java heap space
        """;
    assertThat(CrashReport.of(full, 7).isOfHeap()).isTrue();
    String poor =
        """
        # There is insufficient memory for the Java Runtime Environment to continue.
        # Native memory allocation (mmap) failed to map 65536 bytes.
        #  Out of Memory Error (os_linux.cpp:2771), pid=7, tid=8
        """;
    assertThat(CrashReport.of(poor, 7).isOfMemory()).isTrue();
    assertThat(CrashReport.of(FILE, 6493).isOfMemory()).isFalse();
    assertThat(CrashReport.of(FILE, 6493).isOfHeap()).isFalse();
  }
}

package io.procession.internal.posix;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// The one native function we link: libc's `long syscall(long number, ...)`, with six words.
///
/// Linking a function in a fresh JVM costs tens of milliseconds for the first and several for each
/// further one, so every call of ours goes through a single handle, linked at its first use; only those
/// on memory of the user's have one of their own.
final class Syscall {
  /// True on arm64, whose system calls are numbered otherwise than on x86-64.
  static final boolean ARM64 = "aarch64".equals(System.getProperty("os.arch"));

  static final long FUTEX = number(202, 98);
  static final long FUTEX_WAITV = 449;
  static final long MEMFD_CREATE = number(319, 279);
  static final long MADVISE = number(28, 233);
  static final long CLOSE = number(3, 57);
  static final long OPENAT = number(257, 56);
  static final long FALLOCATE = number(285, 47);
  static final long WAIT4 = number(61, 260);
  static final long KILL = number(62, 129);
  static final long PRCTL = number(157, 167);
  static final long MEMBARRIER = number(324, 283);
  static final long MQ_OPEN = number(240, 180);
  static final long MQ_UNLINK = number(241, 181);
  static final long MQ_TIMEDSEND = number(242, 182);
  static final long MQ_TIMEDRECEIVE = number(243, 183);
  static final long MQ_GETSETATTR = number(245, 185);
  static final long SOCKET = number(41, 198);
  static final long CONNECT = number(42, 203);
  static final long ACCEPT4 = number(288, 242);
  static final long SENDTO = number(44, 206);
  static final long RECVFROM = number(45, 207);
  static final long SENDMSG = number(46, 211);
  static final long RECVMSG = number(47, 212);
  static final long BIND = number(49, 200);
  static final long LISTEN = number(50, 201);
  static final long GETSOCKNAME = number(51, 204);
  static final long GETPEERNAME = number(52, 205);
  static final long SETSOCKOPT = number(54, 208);
  static final long GETSOCKOPT = number(55, 209);
  static final long FCNTL = number(72, 25);
  static final long FCHMOD = number(91, 52);
  static final long GETEUID = number(107, 175);
  static final long EPOLL_CREATE1 = number(291, 20);
  static final long EPOLL_CTL = number(233, 21);
  static final long EPOLL_PWAIT = number(281, 22);
  static final long PPOLL = number(271, 73);
  static final long EVENTFD2 = number(290, 19);
  static final long READ = number(0, 63);
  static final long WRITE = number(1, 64);

  /// What `captureCallState` writes: the error number as this call left it.
  static final StructLayout ERRNO = Linker.Option.captureStateLayout();

  private static final VarHandle ERRNO_VALUE =
      ERRNO.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG;

  private static final MethodHandle SYSCALL = link(WORD);

  /// Linked when memory of the user's is first sent or received into.
  private static final class OnMemory {
    static final MethodHandle SYSCALL = link(ValueLayout.ADDRESS);
  }

  private Syscall() {}

  /// Calls the kernel. The error number, if the result is -1, is read with [#errno].
  ///
  /// Pointers are passed as plain addresses: the caller keeps what they point to alive.
  static long call(
      MemorySegment errno, long number, long a, long b, long c, long d, long e, long f) {
    try {
      return (long) SYSCALL.invokeExact(errno, number, a, b, c, d, e, f);
    } catch (VirtualMachineError error) {
      throw error; // no stack, or no memory, for the call
    } catch (Throwable t) {
      throw new AssertionError("a downcall threw", t);
    }
  }

  /// Calls the kernel with memory of somebody else's, who cannot free it during the call.
  ///
  /// @throws IllegalStateException if it has been freed
  static long call(MemorySegment errno, long number, long a, MemorySegment memory, long c, long d) {
    try {
      return (long) OnMemory.SYSCALL.invokeExact(errno, number, a, memory, c, d, 0L, 0L);
    } catch (VirtualMachineError | RuntimeException e) {
      throw e;
    } catch (Throwable t) {
      throw new AssertionError("a downcall threw", t);
    }
  }

  static int errno(MemorySegment errno) {
    return (int) ERRNO_VALUE.get(errno, 0L);
  }

  private static long number(long x86, long arm) {
    return ARM64 ? arm : x86;
  }

  @SuppressWarnings("restricted") // the only place that links
  private static MethodHandle link(ValueLayout second) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("syscall"),
        FunctionDescriptor.of(WORD, WORD, WORD, second, WORD, WORD, WORD, WORD),
        Linker.Option.captureCallState("errno"),
        Linker.Option.firstVariadicArg(1));
  }
}

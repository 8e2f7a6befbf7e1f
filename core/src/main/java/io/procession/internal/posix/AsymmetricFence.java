package io.procession.internal.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/// A full memory fence between processes whose whole price one side pays.
///
/// Two sides each store a word and then load the other's; at least one must see the other's store
/// (Dekker's pattern). Ordinarily both need a full fence between store and load. Here the side that
/// does it often says [#light], which costs nothing, and the side that does it seldom says [#heavy],
/// which makes all processors that run a process of ours pass a full fence: `membarrier` with
/// `MEMBARRIER_CMD_GLOBAL_EXPEDITED` (Linux 4.16).
public final class AsymmetricFence {
  /*
   * Why one side sees the other. The kernel promises that every thread of a registered process has
   * passed a full fence between the beginning and the end of heavy(). So light()'s thread passed it
   * either after its store: then heavy()'s side, which loads later, sees that store. Or before its
   * store, and so before its load: then the load comes after heavy()'s side has stored, and sees it.
   *
   * This asks of light() only that compiled code keeps store and load in the order of the program.
   * VarHandle.acquireFence() emits no instruction on x86-64, but in HotSpot it is a node that all
   * memory passes through, so neither crosses it; between a store and a load the Java memory model
   * asks no more than a processor may undo, and that is what the kernel's fence makes good. The
   * HotSpot virtual machine trusts the same pair for its own thread states (UseSystemMemoryBarrier).
   *
   * A process that is not registered gets no fence from others, and says a full one in light() until
   * it is. Registering is for good; a thread that sees it done a little late loses nothing.
   */

  private static final long GLOBAL_EXPEDITED = 1 << 1; // linux/membarrier.h
  private static final long REGISTER_GLOBAL_EXPEDITED = 1 << 2;

  /// Made by the first call, once: a fence has work behind it that a want of memory must not undo.
  private static final class Ignored {
    /// Where calls that ask for no error number may write theirs.
    static final MemorySegment ERRNO = Arena.global().allocate(Syscall.ERRNO);
  }

  private static volatile boolean registered;
  private static volatile boolean refused;

  private AsymmetricFence() {}

  /// Makes [#light] cheap in this process from now on, if the kernel can do that. Makes a native call
  /// when it is first called.
  public static void register() {
    if (!registered && !refused) {
      if (Platform.current() == Platform.NATIVE && call(REGISTER_GLOBAL_EXPEDITED)) {
        registered = true;
      } else {
        refused = true; // the stand-in, a kernel without the call, or a filter that bars it
      }
    }
  }

  /// The often used side: between its store and its load.
  public static void light() {
    if (registered) {
      VarHandle.acquireFence();
    } else {
      VarHandle.fullFence();
    }
  }

  /// The seldom used side: between its store and its load. Takes a microsecond or two.
  public static void heavy() {
    VarHandle.fullFence();
    register();
    if (registered) {
      call(GLOBAL_EXPEDITED);
    }
  }

  private static boolean call(long command) {
    return Syscall.call(Ignored.ERRNO, Syscall.MEMBARRIER, command, 0, 0, 0, 0, 0) != -1;
  }
}

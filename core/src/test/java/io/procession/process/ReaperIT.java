package io.procession.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.internal.arena.Session;
import io.procession.testing.ChildJvm;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// No process runs that nobody watches.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ReaperIT {
  private static final int RLIMIT_AS = 9;
  private static final long SPARE_BYTES = 300 << 10; // enough for a little, too little for a stack

  @Test
  void processIsNotStartedWhereNoThreadCanWatchIt() {
    try (ChildJvm parent = ChildJvm.body(ReaperIT::startWithoutRoom).start()) {
      parent.succeed();
      assertThat(parent.out()).contains("refused, 0 more rows, 0 children", "then it ran: 0");
    }
  }

  private static void startWithoutRoom() throws Throwable {
    JvmProcess first = JvmProcess.of(() -> {});
    first.start();
    first.join();
    CountDownLatch end = new CountDownLatch(1);
    for (int i = 0; i < 40; i++) { // takes what is left of stacks that threads before have had
      Thread.ofPlatform().daemon().start(() -> await(end));
    }
    int rows = Session.current().participants().inUse();
    JvmProcess refused = JvmProcess.of(() -> {});
    limit(size() + SPARE_BYTES);
    boolean isRefused = false;
    try {
      refused.start();
    } catch (OutOfMemoryError e) {
      isRefused = true;
    } finally {
      limit(-1);
    }
    System.out.println(
        (isRefused ? "refused, " : "started, ")
            + (Session.current().participants().inUse() - rows)
            + " more rows, "
            + ProcessHandle.current().children().count()
            + " children");
    refused.start();
    refused.join();
    System.out.println("then it ran: " + refused.exitCode().orElseThrow());
    end.countDown();
  }

  private static void await(CountDownLatch end) {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static long size() throws IOException {
    String pages = Files.readString(Path.of("/proc/self/statm"));
    return Long.parseLong(pages.substring(0, pages.indexOf(' '))) * 4096;
  }

  @SuppressWarnings("restricted") // a test may call what it needs
  private static void limit(long soft) throws Throwable {
    Linker linker = Linker.nativeLinker();
    MethodHandle setrlimit =
        linker.downcallHandle(
            linker.defaultLookup().find("setrlimit").orElseThrow(),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    MemorySegment limits = Arena.global().allocate(16, 8);
    limits.set(ValueLayout.JAVA_LONG, 0, soft);
    limits.set(ValueLayout.JAVA_LONG, 8, -1);
    int status = (int) setrlimit.invokeExact(RLIMIT_AS, limits);
    if (status != 0) {
      throw new IOException("setrlimit failed");
    }
  }
}

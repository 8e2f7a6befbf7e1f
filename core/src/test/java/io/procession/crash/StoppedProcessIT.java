package io.procession.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellLayout;
import io.procession.internal.arena.Directory;
import io.procession.internal.arena.FailPoint;
import io.procession.internal.arena.Session;
import io.procession.process.JvmProcess;
import io.procession.process.LaunchOptions;
import io.procession.queue.SharedQueue;
import io.procession.serial.SerializableRunnable;
import io.procession.sync.OwnedSemaphore;
import io.procession.sync.SharedBarrier;
import io.procession.sync.SharedLock;
import io.procession.sync.SharedSemaphore;
import io.procession.testing.Deadlines;
import io.procession.testing.Halting;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A process is stopped in the midst of its work on an object that is destroyed meanwhile. When it
/// goes on, it finds the object gone, and has written to nothing that came in its place.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class StoppedProcessIT {
  private static final int STRANGERS = 4;
  private static final byte PATTERN = 0x5A;

  private final Base base = Base.now();
  private final SharedQueue<String> said = SharedQueue.create();

  @BeforeEach
  void seesThatOthersAreStopped() {
    assumeTrue(Files.exists(Path.of("/proc/self/stat")), "no /proc to see who is stopped");
  }

  @AfterEach
  void nothingIsLeft() {
    said.destroy();
    base.awaitAgain();
  }

  @Test
  void inTheMidstOfTakingALock() throws Exception {
    SharedLock lock = SharedLock.create();
    isTold(FailPoint.LOCK_TAKEN, lock::lock, lock::destroy);
  }

  @Test
  void inTheMidstOfReleasingASemaphore() throws Exception {
    SharedSemaphore semaphore = SharedSemaphore.create(0);
    isTold(
        FailPoint.PERMITS_RELEASED,
        () -> {
          semaphore.release();
          semaphore.release();
        },
        semaphore::destroy);
  }

  @Test
  void inTheMidstOfTakingAPermitOfItsOwn() throws Exception {
    OwnedSemaphore semaphore = OwnedSemaphore.create(1);
    isTold(
        FailPoint.OWNED_PERMITS_HELD,
        () -> {
          semaphore.acquire();
          semaphore.release();
        },
        semaphore::destroy);
  }

  @Test
  void inTheMidstOfComingToABarrier() throws Exception {
    SharedBarrier barrier = SharedBarrier.create(2);
    isTold(FailPoint.BARRIER_ENTERED, barrier::await, barrier::destroy);
  }

  private void isTold(FailPoint point, SerializableRunnable work, Runnable destroy)
      throws Exception {
    SharedQueue<String> words = said;
    LaunchOptions options =
        LaunchOptions.defaults().withSystemProperty("procession.crash", point + ":stop");
    JvmProcess process =
        JvmProcess.of(
            "stopped",
            options,
            () -> {
              try {
                while (true) {
                  work.run();
                }
              } catch (IllegalMonitorStateException | IllegalStateException e) {
                words.put(String.valueOf(e.getMessage()));
              }
            });
    process.start();
    await().atMost(Deadlines.LONG).until(() -> Halting.isStopped(process.pid()));
    destroy.run();
    Session session = Session.current();
    Directory directory = session.directory();
    int[] strangers = new int[STRANGERS];
    for (int i = 0; i < STRANGERS; i++) {
      strangers[i] = directory.allocate(CellKind.LAUNCH, "stranger");
      body(strangers[i]).fill(PATTERN);
    }
    await()
        .atMost(Deadlines.LONG)
        .until(() -> {
          goOn(process);
          return !said.isEmpty();
        });
    assertThat(said.take()).contains("destroyed");
    process.close();
    for (int stranger : strangers) {
      assertThat(body(stranger).toArray(ValueLayout.JAVA_BYTE)).containsOnly(PATTERN);
      directory.free(directory.ref(stranger));
    }
  }

  private static MemorySegment body(int cell) {
    return Session.current().memory().asSlice(Directory.body(cell), CellLayout.BODY_BYTES);
  }

  /// It may stop again at the same point, once for each time that it comes there.
  private static void goOn(JvmProcess process) throws IOException, InterruptedException {
    if (process.isAlive() && Halting.isStopped(process.pid())) {
      int _ = Halting.goOn(process.pid());
    }
  }
}

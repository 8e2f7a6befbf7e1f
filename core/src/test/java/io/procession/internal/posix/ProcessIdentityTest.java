package io.procession.internal.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.procession.testing.ChildJvm;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessIdentityTest {
  /// Of others than this one: more than a JVM needs that starts, less than it takes long to use up.
  private static final String FEW_DESCRIPTORS = "ulimit -n 200; exec \"$0\" \"$@\"";

  @Test
  void nobodyIsTakenForDeadForWantOfDescriptors() {
    assumeThat(Path.of("/proc/self/stat")).exists();
    long self = ProcessHandle.current().pid();
    try (ChildJvm child =
        ChildJvm.main(WithoutDescriptors.class, Long.toString(self))
            .through("sh", "-c", FEW_DESCRIPTORS)
            .start()) {
      assertThat(child.join()).as("%s", child.err()).isZero();
    }
  }

  /// Looks at processes when no descriptor is left.
  static final class WithoutDescriptors {
    private WithoutDescriptors() {}

    static void main(String[] args) throws Exception {
      long living = Long.parseLong(args[0]);
      Process process = new ProcessBuilder("cat").start();
      ProcessIdentity dead = ProcessIdentity.of(process.pid());
      boolean livedBefore = dead.isAlive();
      process.destroyForcibly().waitFor();
      ProcessIdentity known = ProcessIdentity.of(living);

      List<FileInputStream> all = useUpDescriptors();
      boolean isKnownAlive = known.isAlive();
      boolean isOtherAlive = new ProcessIdentity(living, known.startTime() + 1).isAlive();
      ProcessIdentity late = ProcessIdentity.of(living);
      boolean isLateAlive = late.isAlive();
      boolean isDeadAlive = dead.isAlive();
      for (FileInputStream one : all) {
        one.close();
      }

      assertThat(all).isNotEmpty();
      assertThat(isKnownAlive).as("one that lives").isTrue();
      assertThat(isOtherAlive).as("one whose pid somebody has, who may be it").isTrue();
      assertThat(isLateAlive).as("one that was met without a descriptor").isTrue();
      assertThat(late.isAlive()).as("the same, later").isTrue();
      assertThat(new ProcessIdentity(living, known.startTime() + 1).isAlive())
          .as("one whose pid somebody else has")
          .isFalse();
      assertThat(livedBefore).as("one that has ended, before").isTrue();
      assertThat(isDeadAlive).as("one that has ended").isFalse();
    }

    private static List<FileInputStream> useUpDescriptors() {
      List<FileInputStream> all = new ArrayList<>();
      try {
        while (true) {
          all.add(new FileInputStream("/dev/null"));
        }
      } catch (IOException e) {
        return all;
      }
    }
  }
}

package io.procession.internal.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineMemoryTest {
  @TempDir Path folder;

  @Test
  void machineHasWhatTheKernelSays() throws IOException {
    Path meminfo = write("meminfo", "MemTotal:       24684160 kB\nMemFree:  1 kB\n");
    assertThat(MachineMemory.ofMachine(meminfo)).isEqualTo(24_684_160L << 10);
  }

  @Test
  void withoutSuchAKernelTheJvmIsAsked() {
    assertThat(MachineMemory.ofMachine(folder.resolve("none"))).isGreaterThan(1L << 20);
  }

  @Test
  void leastLimitOnTheWayToTheRootCounts() throws IOException {
    Path self = write("self", "0::/a/b\n");
    write("groups/a/b/memory.max", "max\n");
    write("groups/a/memory.max", "1000\n");
    write("groups/memory.max", "3000\n");
    assertThat(MachineMemory.ofControlGroup(self, folder.resolve("groups"))).isEqualTo(1_000);
    write("groups/a/b/memory.max", "500\n");
    assertThat(MachineMemory.ofControlGroup(self, folder.resolve("groups"))).isEqualTo(500);
  }

  @Test
  void olderGroupsHaveAFolderForMemory() throws IOException {
    Path self = write("self", "5:cpu,memory:/a\n4:pids:/other\n");
    write("groups/memory/a/memory.limit_in_bytes", "700\n");
    write("groups/memory/memory.limit_in_bytes", "9223372036854771712\n");
    write("groups/memory.max", "1\n"); // not of these groups
    assertThat(MachineMemory.ofControlGroup(self, folder.resolve("groups"))).isEqualTo(700);
  }

  @Test
  void whoIsInNoGroupHasNoLimit() throws IOException {
    Path groups = folder.resolve("groups");
    assertThat(MachineMemory.ofControlGroup(folder.resolve("none"), groups))
        .isEqualTo(Long.MAX_VALUE);
    Path unlimited = write("self", "0::/\nnonsense\n");
    assertThat(MachineMemory.ofControlGroup(unlimited, groups)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void thisMachineHasSome() {
    assertThat(MachineMemory.bytes()).isBetween(1L << 20, Long.MAX_VALUE - 1);
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }
}

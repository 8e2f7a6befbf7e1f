package io.procession.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.procession.process.JvmProcess;
import io.procession.testing.Deadlines;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Lists between processes, Python's among them.
@Tag("platforms")
class ShareableListIT {
  private final String name = "list-" + ProcessHandle.current().pid() + "-" + System.nanoTime();

  @Test
  void aChildChangesIt() throws Exception {
    try (var list = ShareableList.of("before", 1, null)) {
      JvmProcess child =
          JvmProcess.of(() -> {
            list.set(0, "after");
            list.set(2, list.indexOf(1));
          });
      child.start();
      assertThat(child.join(Deadlines.LONG)).isTrue();
      assertThat(list).containsExactly("after", 1L, 1L);
      list.unlink();
    }
  }

  @Test
  void pythonReadsAndChangesOursAndWeReadAndChangePythons() throws Exception {
    assumeThat(Path.of("/dev/shm")).isDirectory();
    assumeThat(Python.find()).as("no python3 on the path").isPresent();
    try (var list = ShareableList.create(name, Arrays.asList("abc", 1, 2.5, true, null))) {
      Process python =
          new ProcessBuilder(
                  Python.find().orElseThrow(),
                  "-c",
                  """
                  import sys
                  from multiprocessing import shared_memory, resource_tracker
                  ours = shared_memory.ShareableList(name=sys.argv[1])
                  resource_tracker.unregister(ours.shm._name, "shared_memory")
                  assert list(ours) == ["abc", 1, 2.5, True, None], list(ours)
                  assert ours.format == "8sqdxxxxxxx?xxxxxx?x", ours.format
                  ours[0] = "abcdefgh"
                  ours[1] = None
                  ours[4] = False
                  ours.shm.close()
                  theirs = shared_memory.ShareableList(["p", b"q", -7, 0.5, True, None], name=sys.argv[2])
                  resource_tracker.unregister(theirs.shm._name, "shared_memory")
                  print("ready", flush=True)
                  sys.stdin.readline()
                  assert list(theirs) == ["java", b"q", True, 0.5, True, "none"], list(theirs)
                  """,
                  name,
                  name + "-p")
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      try {
        assertThat(python.inputReader().readLine()).isEqualTo("ready");
        assertThat(list).containsExactly("abcdefgh", null, 2.5, true, false);
        try (var theirs = ShareableList.attach(name + "-p")) {
          assertThat(theirs.subList(2, 6)).isEqualTo(Arrays.asList(-7L, 0.5, true, null));
          assertThat(List.of(theirs.count("p"), theirs.count(new byte[] {'q'})))
              .containsExactly(1, 1);
          theirs.set(0, "java");
          theirs.set(2, true);
          theirs.set(5, "none");
          python.outputWriter().append('\n').flush();
          assertThat(python.waitFor(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
          assertThat(python.exitValue()).isZero();
          theirs.unlink();
        }
      } finally {
        python.destroyForcibly();
        list.unlink();
      }
    }
  }
}

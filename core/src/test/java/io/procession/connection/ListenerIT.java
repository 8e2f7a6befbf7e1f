package io.procession.connection;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.procession.internal.arena.Session;
import io.procession.testing.ChildJvm;
import io.procession.testing.Deadlines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Listeners of processes that are killed.
@Tag("platforms")
class ListenerIT {
  @TempDir Path folder;

  @Test
  void socketOfAKilledProcessIsSweptByTheNextSession() throws Exception {
    String temporary = "-Djava.io.tmpdir=" + folder;
    try (ChildJvm killed = ChildJvm.body(ListenerIT::listen).flags(temporary).start()) {
      Path socket = Path.of(killed.awaitLine("at unix:"));
      assertThat(requireNonNull(socket.getParent()).getParent()).isEqualTo(folder);
      assertThat(socket).exists();
      killed.kill();
      assertThat(killed.join()).isEqualTo(137);
      assertThat(socket).exists();
    }
    try (ChildJvm next = ChildJvm.body(ListenerIT::openSession).flags(temporary).start()) {
      next.awaitLine("open");
      await()
          .atMost(Deadlines.LONG)
          .until(() -> folders().size() <= 1); // one's own, on the stand-in
      next.send("");
      next.succeed();
    }
    assertThat(folders()).isEmpty();
  }

  @Test
  void processThatEndsInOrderLeavesNoSocketAtAPathOfItsUser() throws Exception {
    Path socket = folder.resolve("chosen");
    for (String end : new String[] {"return", "terminate"}) {
      try (ChildJvm child =
          ChildJvm.body(ListenerIT::listenAndEnd).flags("-Dat=" + socket, "-Dend=" + end).start()) {
        child.awaitLine("listening");
        assertThat(socket).exists();
        if (end.equals("return")) {
          child.send("");
          child.succeed();
        } else {
          child.terminate();
          assertThat(child.join()).isEqualTo(143);
        }
        assertThat(socket).as(end).doesNotExist();
      }
    }
  }

  /// Does not close it.
  private static void listenAndEnd() throws Exception {
    Listener listener =
        Listener.open(Address.unix(Path.of(requireNonNull(System.getProperty("at")))));
    System.out.println("listening");
    if (System.getProperty("end", "").equals("return")) {
      assertThat(System.in.read()).isNotNegative();
    } else {
      listener.accept();
    }
    assertThat(listener.isClosed()).isFalse();
  }

  private static void listen() throws Exception {
    try (Listener listener = Listener.open()) {
      System.out.println("at " + listener.address());
      listener.accept();
    }
  }

  private static void openSession() throws Exception {
    System.out.println(Session.current().id() != 0 ? "open" : "closed");
    if (System.in.read() < 0) {
      throw new AssertionError("no word from the test");
    }
  }

  private List<Path> folders() throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.getFileName().toString().startsWith("procession")).toList();
    }
  }
}

package io.procession.internal.arena;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A sweep in a folder that others write to as well: it deletes what this user's dead sessions left.
class FolderSweepTest {
  private static final String OURS = "procession-1-1-";

  @TempDir Path parent;
  private Path own;

  @BeforeEach
  void makeOwnFolder() throws IOException {
    assumeTrue(Files.getFileStore(parent).supportsFileAttributeView("posix"), "no POSIX here");
    own = folder(OURS + "7", "rwx------");
  }

  @Test
  void whatADeadSessionLeftIsDeleted() throws IOException {
    Path dead = folder("procession-2-2-1", "rwx------");
    Path justMade = Files.createDirectory(parent.resolve("procession-2-2-2"), mode("rwx------"));
    sweep();
    assertThat(dead).doesNotExist();
    assertThat(justMade).doesNotExist();
    assertThat(own.resolve("arena")).exists();
  }

  @Test
  void whatIsNotOfThisKindStays() throws IOException {
    Path open = folder("procession-2-2-1", "rwxr-xr-x");
    Path without = Files.createDirectory(parent.resolve("procession-x"), mode("rwx------"));
    Files.createFile(without.resolve("arena"));
    Path file = Files.createFile(parent.resolve("procession-file"));
    Path empty = Files.createDirectory(parent.resolve("procession-soak123"), mode("rwx------"));
    sweep();
    assertThat(empty).as("just made, by a user with a liking for the name").exists();
    assertThat(open.resolve("arena")).exists();
    assertThat(without.resolve("arena")).as("no sign that it was a session's").exists();
    assertThat(file).exists();
  }

  @Test
  void linksAreNotFollowed() throws IOException {
    Path elsewhere = folder("elsewhere", "rwx------");
    Path link = Files.createSymbolicLink(parent.resolve("procession-2-2-1"), elsewhere);
    Path dead = folder("procession-2-2-2", "rwx------");
    Files.createSymbolicLink(dead.resolve("link"), elsewhere.resolve("arena"));
    Path tricky = Files.createDirectory(parent.resolve("procession-2-2-3"), mode("rwx------"));
    Files.createSymbolicLink(tricky.resolve("alive"), elsewhere.resolve("alive"));
    sweep();
    assertThat(link).exists();
    assertThat(elsewhere.resolve("arena")).exists();
    assertThat(dead).doesNotExist();
    assertThat(tricky.resolve("alive")).exists();
  }

  @Test
  void foldersOfOtherUsersStay() throws IOException {
    Path foreign = folder("procession-2-2-1", "rwx------");
    assumeTrue(isGivenAway(foreign), "only root can make what belongs to somebody else");
    sweep();
    assertThat(foreign.resolve("arena")).exists();
  }

  private static boolean isGivenAway(Path folder) {
    try {
      Files.setAttribute(folder, "unix:uid", 65534);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private void sweep() {
    FolderSweep.run(parent, own, OURS);
  }

  private Path folder(String name, String permissions) throws IOException {
    Path folder = Files.createDirectory(parent.resolve(name), mode(permissions));
    Files.createFile(folder.resolve("alive"));
    Files.createFile(folder.resolve("arena"));
    return folder;
  }

  private static FileAttribute<?> mode(String permissions) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
  }
}

package io.procession.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The pythons here are shell scripts that answer as one would.
final class PythonSearchTest {
  @TempDir private Path folder;

  @Test
  void newestVersionWinsByNumberNotByText() throws IOException {
    Path old = python("a", "python3", "CPython 3.9.18");
    Path newest = python("b", "python3.13", "CPython 3.13.0");
    assertThat(PythonSearch.newest(path(old, newest)))
        .contains(new Python(newest, new Python.Version(3, 13, 0)));
    assertThat(PythonSearch.newest(path(old, newest)).map(Python::column)).contains("cpython-3.13");
  }

  @Test
  void whatDoesNotRunIsPassedOver() throws IOException {
    Path good = python("a", "python3", "CPython 3.11.2");
    Path broken = script("b", "python3.13", "echo CPython 3.13.0; exit 127");
    Path other = python("c", "python3.14", "PyPy 3.14.0");
    assertThat(PythonSearch.newest(path(good, broken, other)).map(Python::executable))
        .contains(good);
  }

  @Test
  void toolsBesideThePythonAreNotAsked() throws IOException {
    Path good = python("a", "python3", "CPython 3.11.2");
    python("a", "python3-config", "CPython 3.99.0");
    python("a", "python3.11-gdb.py", "CPython 3.99.0");
    assertThat(PythonSearch.candidates(path(good))).containsExactly(good);
  }

  /// A shim may refuse to run in this folder; the versions it stands for do not.
  @Test
  void shimsStandForTheVersionsBesideThem() throws IOException {
    Path shim = script("pyenv/shims", "python3.13", "exit 127");
    Path installed = python("pyenv/versions/3.13.0/bin", "python3", "CPython 3.13.0");
    assertThat(PythonSearch.newest(path(shim)).map(Python::executable)).contains(installed);
  }

  @Test
  void oneFileIsAskedOnce() throws IOException {
    Path real = python("a", "python3.13", "CPython 3.13.0");
    Files.createSymbolicLink(real.resolveSibling("python3"), real);
    assertThat(PythonSearch.candidates(path(real))).hasSize(1);
  }

  @Test
  void noneIsEmpty() {
    assertThat(PythonSearch.newest(folder.toString() + File.pathSeparator + "/nowhere"))
        .isEqualTo(Optional.empty());
  }

  private Path python(String where, String name, String answer) throws IOException {
    return script(where, name, "echo " + answer);
  }

  private Path script(String where, String name, String body) throws IOException {
    Path file = Files.createDirectories(folder.resolve(where)).resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static String path(Path... programs) {
    var folders = new StringBuilder();
    for (Path program : programs) {
      folders.append(program.getParent()).append(File.pathSeparator);
    }
    return folders.toString();
  }
}

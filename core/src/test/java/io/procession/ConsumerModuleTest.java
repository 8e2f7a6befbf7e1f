package io.procession;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A module of a user's compiles against the library alone, without the annotations that the library
/// is compiled with.
class ConsumerModuleTest {
  @Test
  void aModuleThatRequiresUsCompiles(@TempDir Path folder) throws Exception {
    Path library =
        Path.of(Procession.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path module = folder.resolve("module-info.java");
    Files.writeString(module, "module app { requires io.procession; }");
    Path main = folder.resolve("Main.java");
    Files.writeString(
        main,
        """
        package app;
        import io.procession.Procession;
        import java.util.List;
        class Main {
          static void main() throws Exception {
            try (var pool = Procession.pool(2); var queue = Procession.<String>queue()) {
              String first = queue.poll();
              System.out.println(first + pool.map(x -> x * x, List.of(1, 2, 3)));
            }
          }
        }
        """);
    var said = new StringWriter();
    var out = new PrintWriter(said);
    int status =
        ToolProvider.findFirst("javac")
            .orElseThrow()
            .run(
                out,
                out,
                "-Xlint:all",
                "-Werror",
                "--module-path",
                library.toString(),
                "-d",
                folder.resolve("classes").toString(),
                module.toString(),
                main.toString());
    assertThat(said.toString()).isEmpty();
    assertThat(status).isZero();
  }
}

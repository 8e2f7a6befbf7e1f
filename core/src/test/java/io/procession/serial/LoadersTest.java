package io.procession.serial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InvalidClassException;
import java.io.Serializable;
import java.lang.invoke.MethodHandles;
import java.lang.module.ModuleFinder;
import java.lang.reflect.Array;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Classes that the library's loader does not find, or may not look into.
class LoadersTest {
  @TempDir Path folder;

  private static final String MODULE = "module closed { exports closed; }";

  private static final String SOURCE =
"""
      package closed;
      import java.io.Serializable;
      import java.util.ArrayList;
import java.util.Comparator;
      public class Things {
        private record Secret(int value) implements Serializable {}
        public static Object record(int value) { return new Secret(value); }
        public static Comparator<String> lambda() {
          return (Comparator<String> & Serializable) (a, b) -> b.compareTo(a);
        }
      }
""";

  private Class<?> things(boolean asModule) throws Exception {
    Path source = Files.createDirectories(folder.resolve("src/closed"));
    Path classes = folder.resolve("classes");
    Files.writeString(source.resolve("Things.java"), SOURCE);
    Files.writeString(folder.resolve("src/module-info.java"), MODULE);
    int status =
        ToolProvider.findFirst("javac")
            .orElseThrow()
            .run(
                System.out,
                System.err,
                "-d",
                classes.toString(),
                source.resolve("Things.java").toString(),
                folder.resolve("src/module-info.java").toString());
    assertThat(status).isZero();
    if (!asModule) {
      var urls = new URL[] {classes.toUri().toURL()};
      return new URLClassLoader(urls).loadClass("closed.Things");
    }
    var boot = ModuleLayer.boot();
    var configuration =
        boot.configuration().resolve(ModuleFinder.of(classes), ModuleFinder.of(), Set.of("closed"));
    ModuleLayer layer =
        boot.defineModulesWithOneLoader(configuration, ClassLoader.getSystemClassLoader());
    return layer.findLoader("closed").loadClass("closed.Things");
  }

  private static void makeCopies(Class<?> things, int expectedRecord, int expectedLambda)
      throws Exception {
    Codec codec = Codec.standard(Objects.requireNonNull(things.getClassLoader()));
    Object secret = things.getMethod("record", int.class).invoke(null, 5);
    byte[] bytes = Copies.bytes(secret);
    assertThat(bytes[0]).isEqualTo((byte) expectedRecord);
    assertThat(codec.decode(new ByteSource(bytes))).isEqualTo(secret);

    Object lambda = things.getMethod("lambda").invoke(null);
    byte[] more = Copies.bytes(lambda);
    assertThat(more[0]).isEqualTo((byte) expectedLambda);
    @SuppressWarnings("unchecked")
    var copy = (Comparator<String>) codec.decode(new ByteSource(more));
    assertThat(Objects.requireNonNull(copy).compare("a", "b")).isPositive();

    assertThat(Copies.<Object>read(bytes)).as("without that loader").isEqualTo(secret);
    assertThat(Copies.<Comparator<String>>read(more).compare("a", "b")).isPositive();
  }

  @Test
  void anotherLoaderCanBeGiven() throws Exception {
    makeCopies(things(false), Tag.RECORD, Tag.LAMBDA);
  }

  @Test
  void whatAModuleKeepsToItselfIsLeftToTheJdk() throws Exception {
    makeCopies(things(true), Tag.JDK, Tag.JDK);
  }

  @Test
  void aCodecWithALoaderBecomesTheStandardOneElsewhere() throws Exception {
    Codec codec = Codec.standard(ClassLoader.getPlatformClassLoader());
    assertThat(Copies.copy(codec)).isSameAs(Codec.standard());
  }

  static final class Hidden implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  @Test
  void aHiddenClassIsRefused() throws Exception {
    byte[] file;
    try (var in = LoadersTest.class.getResourceAsStream("LoadersTest$Hidden.class")) {
      file = Objects.requireNonNull(in).readAllBytes();
    }
    Class<?> hidden = MethodHandles.lookup().defineHiddenClass(file, true).lookupClass();
    assertThatThrownBy(() -> Copies.bytes(List.of(hidden)))
        .isInstanceOf(NotSendableException.class)
        .hasMessageContaining("hidden class");
    Object array = Array.newInstance(hidden, 0);
    assertThatThrownBy(() -> Copies.bytes(array)).hasMessageContaining("hidden class");
    assertThatThrownBy(() -> Copies.bytes(new AtomicReference<>(hidden)))
        .hasMessageContaining("hidden class");
  }

  @Test
  void aFilterIsAskedOnlyForWhatItForbids() throws Exception {
    assertThat(ClassLookup.find("java.util.ArrayList", null, null)).isEqualTo(ArrayList.class);
    assertThatThrownBy(() -> ClassLookup.find("no.such.Thing", null, null))
        .isInstanceOf(ClassNotFoundException.class)
        .isNotInstanceOf(InvalidClassException.class);
  }
}

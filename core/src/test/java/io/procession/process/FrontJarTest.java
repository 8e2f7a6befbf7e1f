package io.procession.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The jar without content keeps its size and its time, and nobody takes it for ours.
class FrontJarTest {
  private static final String KEY = "0123456789abcdef";
  private static final String OURS = "io/procession/process/FrontJar.class";

  @TempDir Path folder;

  @Test
  void emptiedJarIsAsLargeAndAsOldAsTheFullOne() throws IOException {
    Path jar = jar("procession.jar", "META-INF/MANIFEST.MF", OURS, "other/Class.class");
    Path front = folder.resolve(KEY + ".jar");
    Path temporary = folder.resolve("tmp");

    FrontJar.fill(front, temporary, jar);
    long size = Files.size(front);
    try (JarFile full = new JarFile(front.toFile())) {
      assertThat(full.stream().map(JarEntry::getName)).containsExactly(OURS);
    }
    assertThat(FrontJar.isWhole(front)).isTrue();

    FrontJar.empty(front, temporary);
    assertThat(front).hasSize(size);
    try (JarFile empty = new JarFile(front.toFile())) {
      assertThat(empty.size()).isZero();
    }
    assertThat(FrontJar.isWhole(front)).isTrue();
    assertThat(temporary).doesNotExist();
  }

  @Test
  void frontMadeTwiceIsTheSame() throws IOException {
    Path jar = jar("procession.jar", OURS);
    Path one = folder.resolve("1");
    Path two = folder.resolve("2");
    FrontJar.fill(one, folder.resolve("tmp"), jar);
    FrontJar.fill(two, folder.resolve("tmp"), jar);
    assertThat(one).hasSameBinaryContentAs(two);
  }

  @Test
  void ourJarIsFoundBehindIt() throws IOException {
    Path jar = jar("procession.jar", OURS);
    Path front = folder.resolve(KEY + ".jar");
    FrontJar.fill(front, folder.resolve("tmp"), jar);
    assertThat(FrontJar.is(front.toString())).isTrue();
    assertThat(FrontJar.is(jar.toString())).isFalse();

    List<String> others = List.of(folder.toString(), folder.resolve("none.jar").toString());
    assertThat(FrontJar.behind(others)).isNull();
    Path users = jar("users.jar", "a/A.class");
    assertThat(FrontJar.behind(List.of(folder.toString(), jar.toString(), users.toString())))
        .isEqualTo(jar.toString());
  }

  @Test
  void jarWithSomethingElseIsNotOursOnly() throws IOException {
    assertThat(
            FrontJar.isOursOnly(
                jar("a.jar", "META-INF/MANIFEST.MF", "io/", "io/procession/", OURS).toString()))
        .isTrue();
    assertThat(FrontJar.isOursOnly(jar("b.jar", OURS, "log4j.xml").toString())).isFalse();
    assertThat(FrontJar.isOursOnly(folder.toString())).isFalse();
  }

  private Path jar(String name, String... entries) throws IOException {
    Path file = folder.resolve(name);
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(file))) {
      for (String entry : entries) {
        out.putNextEntry(new JarEntry(entry));
        out.write(entry.getBytes(UTF_8));
      }
    }
    return file;
  }
}

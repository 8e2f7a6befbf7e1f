package io.procession.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.procession.examples.guide.Chapter.Code;
import io.procession.examples.guide.Chapter.Output;
import org.junit.jupiter.api.Test;

/// How the guide's pages and the sources of its code are read.
class ChapterTest {
  @Test
  void blocksSayWhereTheyAreFrom() {
    Chapter chapter =
        Chapter.of(
            "a.md",
            """
            # A page
            <!-- Locks.java: counting -->
            ```java
            var a = 1;

            var b = 2;
            ```
            <!-- Locks prints: counting -->
            ```text
            3
            ```
            <!-- Deadlocks prints: eat, in any order -->
            ```text
            ```
            """);
    assertThat(chapter.blocks())
        .containsExactly(
            new Code("a.md:3", "Locks.java", "counting", "var a = 1;\n\nvar b = 2;"),
            new Output("a.md:9", "Locks", "counting", true, "3"),
            new Output("a.md:13", "Deadlocks", "eat", false, ""));
  }

  @Test
  void aBlockFromNowhereIsAnError() {
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> Chapter.of("a.md", "text\n```java\nvar a = 1;\n```\n"))
        .withMessageContaining("a.md:2");
  }

  @Test
  void regionsAreMovedToTheLeft() {
    String source =
        """
        class A {
          // [first]
          void a() {
            b();
          }

          // [end]
          // [second]
          int c;
          // [end]
          int hidden;
        }
        """;
    assertThat(Regions.of(source))
        .containsEntry("first", "void a() {\n  b();\n}")
        .containsEntry("second", "int c;")
        .hasSize(2);
  }

  @Test
  void aRegionHasAnEndAndANameOfItsOwn() {
    assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> Regions.of("// [open]\nx\n"));
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> Regions.of("# [a]\nx\n# [end]\n# [a]\ny\n# [end]\n"));
  }
}

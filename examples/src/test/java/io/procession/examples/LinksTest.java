package io.procession.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// No link of any page of the repository is dead, nor the heading that it names.
class LinksTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  @Test
  void linksLeadSomewhere() throws Exception {
    List<String> dead = new ArrayList<>();
    int links = 0;
    for (Path page : pages()) {
      for (String link : Page.read(page).links()) {
        links++;
        if (!leads(page, link)) {
          dead.add(ROOT.relativize(page) + ": " + link);
        }
      }
    }
    assertThat(dead).isEmpty();
    assertThat(links).as("links that were found").isGreaterThan(300);
  }

  @Test
  void linksAndHeadingsAreFound() {
    Page page =
        Page.of(
            """
            # `Of` the page, and more
            [the page](b.md#some-heading), [the web](https://example.org), ![a plot](a.svg)
            `[no](link)` and [`code`](c.md)
            ```java
            // [none](here.md)
            ```
            """);
    assertThat(page.links()).containsExactly("b.md#some-heading", "a.svg", "c.md");
    assertThat(page.anchors()).containsExactly("of-the-page-and-more");
  }

  private static boolean leads(Path page, String link) throws IOException {
    String file = link.replaceFirst("#.*", "");
    Path target = file.isEmpty() ? page : page.resolveSibling(file);
    if (!Files.exists(target)) {
      return false;
    }
    return !link.contains("#")
        || Page.read(target).anchors().contains(link.substring(link.indexOf('#') + 1));
  }

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    for (String place : List.of(".", "starter", "stress")) {
      try (Stream<Path> files = Files.list(ROOT.resolve(place))) {
        files.filter(LinksTest::isPage).forEach(pages::add);
      }
    }
    try (Stream<Path> files = Files.walk(ROOT.resolve("docs"))) {
      files.filter(LinksTest::isPage).forEach(pages::add);
    }
    return pages;
  }

  private static boolean isPage(Path file) {
    return file.toString().endsWith(".md");
  }
}

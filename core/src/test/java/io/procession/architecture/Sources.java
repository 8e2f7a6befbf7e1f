package io.procession.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Rules about source files, which class files do not show. Each returns what breaks it, in words.
public final class Sources {
  private static final Pattern FLOOR = Pattern.compile("\\bFloor (\\d+)");
  private static final Pattern WIDE_IMPORT =
      Pattern.compile("^import (?:module .*|.*\\.\\*);", Pattern.MULTILINE);

  private final Path folder;

  /// The sources below one folder such as `src/main/java`; there need not be any.
  public Sources(Path folder) {
    this.folder = folder;
  }

  /// Those of the library's exported packages, by their path below `io/procession`.
  public static Map<String, String> exported() {
    Map<String, String> texts = new Sources(Path.of("src/main/java/io/procession")).texts();
    texts.keySet().removeIf(path -> path.startsWith("internal/"));
    return texts;
  }

  /// What stands in each file, by its path below the folder.
  public Map<String, String> texts() {
    var texts = new TreeMap<String, String>();
    for (Path file : files()) {
      texts.put(folder.relativize(file).toString().replace('\\', '/'), read(file));
    }
    return texts;
  }

  /// Files longer than the limit: there is a seam in each.
  public List<String> longerThan(int lines) {
    var broken = new ArrayList<String>();
    for (Path file : files()) {
      long length = read(file).lines().count();
      if (length > lines) {
        broken.add(file + " has " + length + " lines, more than " + lines);
      }
    }
    return broken;
  }

  /// Imports that do not say what they import: the list of imports is what readers check floors by.
  public List<String> wideImports() {
    var broken = new ArrayList<String>();
    for (Path file : files()) {
      Matcher wide = WIDE_IMPORT.matcher(read(file));
      while (wide.find()) {
        broken.add(file + ": " + wide.group());
      }
    }
    return broken;
  }

  /// Names that two classes in files of their own have: who reads one of them could mean the other.
  public List<String> namesOfTwo() {
    var named = new TreeMap<Path, List<Path>>();
    for (Path file : files()) {
      named.computeIfAbsent(file.getFileName(), name -> new ArrayList<>()).add(file);
    }
    named.keySet().removeIf(name -> name.endsWith("package-info.java"));
    named.values().removeIf(files -> files.size() == 1);
    return named.values().stream().map(files -> "one name: " + files).toList();
  }

  /// Packages whose package-info is missing, is not `@NullMarked` or names another floor.
  public List<String> badPackageInfos(Floors floors) {
    var broken = new ArrayList<String>();
    var packages = new TreeSet<Path>();
    for (Path file : files()) {
      Path parent = file.getParent();
      if (parent != null && !parent.equals(folder)) {
        packages.add(parent);
      }
    }
    for (Path each : packages) {
      Path info = each.resolve("package-info.java");
      if (!Files.exists(info)) {
        broken.add(info + " is missing");
        continue;
      }
      String text = read(info);
      if (!text.contains("@NullMarked")) {
        broken.add(info + " is not @NullMarked");
      }
      Matcher matcher = FLOOR.matcher(text);
      Optional<Integer> named =
          matcher.find() ? Optional.of(Integer.parseInt(matcher.group(1))) : Optional.empty();
      String name = folder.relativize(each).toString().replace('/', '.').replace('\\', '.');
      if (named.isEmpty() || !named.equals(floors.of(name))) {
        String wanted = floors.of(name).map(String::valueOf).orElse("of the list");
        broken.add(info + " does not name its floor: Floor " + wanted);
      }
    }
    return broken;
  }

  private List<Path> files() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package io.procession.internal.travel;

import io.procession.serial.NotSendableException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A class and all that it needs, as far as a child has not got them: what its class file names, and
/// what those name in turn.
///
/// Each name is looked up through the loader of the class that has it, as the JVM would when it links,
/// so the loader's own order (itself or its parent first) decides. That loads classes, of which the
/// program may not have needed all, but runs nothing of theirs.
final class Closure {
  /// What a loader answers when asked for a class: its file, another loader's class, or why it cannot.
  ///
  /// @param asked the loader
  /// @param name the class's name
  /// @param file its class file if it is the loader's own
  /// @param definer the class if another loader has it
  /// @param absence why it is not there, if it is neither
  @SuppressWarnings("ArrayRecordComponent") // nobody compares it
  record Answer(
      ClassLoader asked,
      String name,
      byte @Nullable [] file,
      @Nullable Class<?> definer,
      String absence) {}

  private record Question(ClassLoader asked, String name) {}

  private final List<Answer> answers = new ArrayList<>();
  private final Set<Question> met = new HashSet<>();
  private final ArrayDeque<Class<?>> open = new ArrayDeque<>();
  private final Shipments shipments;

  private Closure(Shipments shipments) {
    this.shipments = shipments;
  }

  /// What must be sent along with a class.
  ///
  /// @param shipments knows what has been sent before
  /// @throws NotSendableException if the class, or what it extends, cannot be had
  static List<Answer> of(Class<?> root, Shipments shipments) {
    Closure closure = new Closure(shipments);
    for (Class<?> type = root; type != null; type = type.getSuperclass()) {
      requireFile(type, root);
    }
    closure.enter(root);
    while (!closure.open.isEmpty()) {
      closure.follow(closure.open.remove());
    }
    return closure.answers;
  }

  private static void requireFile(Class<?> type, Class<?> root) {
    ClassLoader loader = type.getClassLoader();
    if (loader == null || !Given.isForeign(type, loader) || loader instanceof TravelLoader) {
      return;
    }
    try {
      byte[] _ = file(type, loader);
    } catch (IOException e) {
      throw new NotSendableException(
          "not serializable: the class cannot be sent along, since no path has it and its loader"
              + " does not give its bytes: class="
              + type.getName()
              + (type == root ? "" : ", extended by=" + root.getName())
              + ", loader="
              + loader
              + ", reason="
              + e.getMessage()
              + "; let the loader's getResourceAsStream answer for it, or put the class on the class"
              + " path",
          e);
    }
  }

  /// Notes a class to be sent with what it needs, unless it was before.
  private void enter(Class<?> type) {
    ClassLoader loader = type.getClassLoader();
    if (loader != null
        && !(loader instanceof TravelLoader)
        && shipments.prefixOf(loader, type.getName()) == null
        && met.add(new Question(loader, type.getName()))) {
      open.add(type);
    }
  }

  private void follow(Class<?> type) {
    ClassLoader loader = type.getClassLoader();
    String name = type.getName();
    byte[] file;
    Set<String> others;
    try {
      file = file(type, loader);
      others = ClassFileNames.others(file);
    } catch (IOException | IllegalArgumentException e) {
      answers.add(new Answer(loader, name, null, null, String.valueOf(e.getMessage())));
      return;
    }
    answers.add(new Answer(loader, name, file, null, ""));
    for (String other : others) {
      ask(loader, other);
    }
  }

  private void ask(ClassLoader loader, String name) {
    Question question = new Question(loader, name);
    if (met.contains(question) || shipments.isAnswered(loader, name)) {
      return;
    }
    Class<?> found;
    try {
      found = Class.forName(name, false, loader);
    } catch (ClassNotFoundException | LinkageError e) {
      met.add(question); // the child will not find it either
      return;
    }
    ClassLoader definer = found.getClassLoader();
    if (Objects.equals(definer, loader)) {
      enter(found);
    } else if (definer != null && Given.isForeign(found, definer)) {
      met.add(question);
      enter(found);
      answers.add(new Answer(loader, name, null, found, ""));
    } else {
      met.add(question);
    }
  }

  /// The class file of a class, as its loader gives it.
  ///
  /// @throws IOException that says why it cannot be had
  private static byte[] file(Class<?> type, ClassLoader loader) throws IOException {
    if (type.isHidden()) {
      throw new IOException("a hidden class");
    }
    byte[] file = file(type.getName(), loader);
    try {
      if (!ClassFileNames.self(file).equals(type.getName())) {
        throw new IOException("another class in its resource: class=" + type.getName());
      }
    } catch (IllegalArgumentException e) {
      throw new IOException("no class file in its resource: class=" + type.getName(), e);
    }
    return file;
  }

  /// What a loader has under the name of a class's file.
  ///
  /// @throws IOException that says why it cannot be had
  static byte[] file(String name, ClassLoader loader) throws IOException {
    String resource = name.replace('.', '/').concat(".class");
    try (InputStream in = loader.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException("no resource " + resource);
      }
      return in.readAllBytes();
    }
  }
}

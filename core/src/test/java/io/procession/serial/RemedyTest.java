package io.procession.serial;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Serializable;
import java.lang.reflect.Modifier;
import java.net.Socket;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What a user is told to do about an object that cannot be sent.
@SuppressWarnings("serial") // fields that cannot be written are the point
class RemedyTest {
  private final Object monitor = new Object();

  private int times(int x) {
    return 2 * x;
  }

  /// Serializable, but for a field.
  static class Service implements Serializable {
    final Socket socket = new Socket();
    int port = 80;

    SerializableCallable<Object> lambda() {
      return () -> port;
    }

    SerializableCallable<Object> reference() {
      return this::port;
    }

    SerializableCallable<Object> anonymous() {
      return new SerializableCallable<>() {
        @Override
        public Object call() {
          return port;
        }
      };
    }

    int port() {
      return port;
    }
  }

  final class Inner implements SerializableCallable<Object> {
    @Override
    public Object call() {
      return monitor;
    }

    SerializableCallable<Object> lambda() {
      return () -> call();
    }
  }

  static String remedy(Object value) {
    try {
      Codec.standard().encode(value, new ByteSink());
    } catch (NotSendableException e) {
      String message = String.valueOf(e.getMessage());
      int at = message.indexOf("; ");
      return at < 0 ? "" : message.substring(at + 2);
    }
    throw new AssertionError("was sendable: " + value);
  }

  @Test
  void fieldsAreToBeCopied() {
    String copy = Remedy.FOR_THIS.substring(2);
    SerializableCallable<Object> own = () -> monitor;
    SerializableCallable<Object> method = () -> times(2);
    SerializableCallable<Object> outer = () -> own;
    assertThat(remedy(own)).isEqualTo(copy);
    assertThat(remedy(method)).isEqualTo(copy);
    assertThat(remedy(outer)).as("a lambda that another captures").isEqualTo(copy);
    assertThat(remedy(new Service().lambda())).as("a field of this").isEqualTo(copy);
    assertThat(remedy(new Inner().lambda())).as("what is around this").isEqualTo(copy);
  }

  @Test
  void methodReferencesTakeTheirObjectAlong() {
    SerializableFunction<Integer, Integer> times = this::times;
    String method = Remedy.FOR_RECEIVER.substring(2);
    assertThat(remedy(times)).isEqualTo(method);
    assertThat(remedy(new Service().reference())).isEqualTo(method);
    var socket = new Socket();
    SerializableCallable<Object> other = socket::getPort;
    assertThat(remedy(other)).isEqualTo("open it where it is used");
  }

  @Test
  void classesInAnObjectTakeItAlong() {
    SerializableCallable<Object> anonymous =
        new SerializableCallable<>() {
          @Override
          public Object call() {
            return monitor;
          }
        };
    String lambda =
        "an anonymous or local class takes the object around it along: write a lambda that uses"
            + " local variables only, or a static class";
    assertThat(remedy(anonymous)).isEqualTo(lambda);
    assertThat(remedy(new Service().anonymous())).isEqualTo(lambda);
    assertThat(remedy(new Inner()))
        .isEqualTo(
            "an inner class takes the object around it along: let "
                + Inner.class.getTypeName()
                + " be static");
  }

  @Test
  void whatTheJdkDoesNotSendHasASubstitute() {
    var map = new HashMap<>(Map.of("a", 1));
    var list = new ArrayList<>(List.of(1, 2, 3));
    var told = new HashMap<Object, String>();
    told.put(map.keySet(), "send a copy: new HashSet<>(…)");
    told.put(map.values(), "send a copy: new ArrayList<>(…)");
    told.put(map.entrySet(), "send a copy of the map: new HashMap<>(…)");
    told.put(Map.entry(1, 2), "send a copy: new AbstractMap.SimpleEntry<>(…)");
    told.put(list.subList(0, 2), "send a copy: new ArrayList<>(…)");
    told.put(list.iterator(), "send a list of its elements");
    told.put(Stream.of(1), "send a list of its elements");
    told.put(OptionalInt.of(1), "send what is in it, or null");
    told.put(new CompletableFuture<>(), "send its result, once it is there");
    told.put(
        new CountDownLatch(1),
        "processes share Procession.event(), and Procession.barrier(n) for more than one");
    told.put(new CyclicBarrier(2), "processes share Procession.barrier(n)");
    told.put(new ThreadLocal<>(), "Worker.local keeps an object for each worker");
    told.put(Logger.getAnonymousLogger(), "get it where it is used");
    told.put(new Object(), "if it is to be locked, processes share Procession.reentrantLock()");
    told.put(new Thread(), "begin it where it is to run");
    told.put(Runtime.getRuntime(), "send what it is made of, and make another there");
    told.forEach((object, remedy) ->
        assertThat(remedy(object)).as(object.getClass().getName()).isEqualTo(remedy));
  }

  @Test
  void noClassOfTheLibraryIsToldToImplementSomething() throws Exception {
    var told = new TreeSet<String>();
    for (Class<?> type : instantiable()) {
      if (!Serializable.class.isAssignableFrom(type)) {
        assertThat(Remedy.of(type)).as(type.getName()).startsWith("; ");
        assertThat(Remedy.of(type)).as(type.getName()).doesNotContain("java.io.Serializable");
        told.add(type.getSimpleName());
      }
    }
    assertThat(told).contains("AsyncResult", "ProcessPool", "PoolOptions", "Context", "AuthKey");
  }

  @Test
  void theLibrarysClassesAreTakenForWhatTheyAre() throws Exception {
    assertThat(forName("pool.AsyncResult")).isEqualTo("; send its result: join() it first");
    assertThat(forName("manager.SyncManager")).isEqualTo("; send what was made by it");
    assertThat(forName("queue.QueueOptions")).isEqualTo("; make it where it is used");
    assertThat(forName("pool.ProgressBar")).isEqualTo("; open it where it is used");
    assertThat(forName("pool.Gathering")).isEqualTo("; make it where it is used");
    assertThat(Remedy.of(RemedyTest.class))
        .as("a class of somebody else in such a package")
        .isEqualTo("; let " + RemedyTest.class.getTypeName() + " implement java.io.Serializable");
  }

  private static String forName(String name) throws ClassNotFoundException {
    return Remedy.of(Class.forName("io.procession." + name));
  }

  /// All classes of the library's exported packages that have objects.
  private static List<Class<?>> instantiable() throws Exception {
    URI place = Codec.class.getProtectionDomain().getCodeSource().getLocation().toURI();
    Path root = Path.of(place);
    if (Files.isDirectory(root)) {
      return instantiable(root);
    }
    try (FileSystem jar = FileSystems.newFileSystem(root)) {
      return instantiable(jar.getPath("/"));
    }
  }

  private static List<Class<?>> instantiable(Path root) throws IOException, ClassNotFoundException {
    var classes = new ArrayList<Class<?>>();
    List<Path> files;
    try (Stream<Path> walk = Files.walk(root.resolve("io/procession"))) {
      files = walk.filter(file -> file.toString().endsWith(".class")).toList();
    }
    for (Path file : files) {
      String name = root.relativize(file).toString().replace('/', '.');
      if (name.contains("internal") || name.endsWith("-info.class")) {
        continue;
      }
      Class<?> type =
          Class.forName(
              name.substring(0, name.length() - ".class".length()),
              false,
              Codec.class.getClassLoader());
      if (Modifier.isPublic(type.getModifiers()) && !type.isInterface()) {
        classes.add(type);
      }
    }
    return classes;
  }
}

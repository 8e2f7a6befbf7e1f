package io.procession;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.process.JvmProcess;
import io.procession.queue.SharedQueue;
import io.procession.serial.NotSendableException;
import io.procession.serial.SerializableCallable;
import io.procession.serial.SerializableFunction;
import io.procession.serial.SerializableRunnable;
import io.procession.testing.Deadlines;
import io.procession.testing.Programs;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Classes that are on no path that a child can be given.
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class ClassesTravelIT {
  private static final String PROGRAM =
      """
      import io.procession.Procession;
      import io.procession.queue.SharedQueue;
      import java.io.Serializable;
      import java.util.List;
      import java.util.Map;

      record Word(String text, Kind kind) implements Serializable {}

      enum Kind {
        SHORT,
        LONG {
          @Override
          String shout() {
            return "LONG!";
          }
        };

        String shout() {
          return name();
        }
      }

      class Trouble extends RuntimeException {
        Trouble(String message) {
          super(message);
        }
      }

      class Plain implements Serializable {
        int x = Inner.three();

        static class Inner {
          static int three() {
            return 3;
          }
        }
      }

      class Hello {
        static Object work(Word word) {
          if (word.text().isEmpty()) {
            throw new Trouble("empty");
          }
          return Map.of(word.kind().shout(), new Plain().x);
        }

        static void main(String[] args) throws Exception {
          SharedQueue<Object> queue = Procession.queue();
          Word[] words = {new Word("a", Kind.SHORT)};
          try (var process =
              Procession.start(
                  () -> {
                    queue.put(new Word("hi", Kind.LONG));
                    queue.put(new Plain());
                    queue.put(Kind[].class);
                    queue.put(words);
                    queue.put(List.of((Runnable & Serializable) () -> new Plain()));
                  })) {
            System.out.println(queue.take());
            System.out.println(((Plain) queue.take()).x);
            System.out.println(queue.take() == (Object) Kind[].class);
            System.out.println(((Word[]) queue.take())[0]);
            ((Runnable) ((List<?>) queue.take()).get(0)).run();
          }
          try (var pool = Procession.pool(2)) {
            System.out.println(pool.map(x -> x * x, List.of(1, 2, 3)));
            System.out.println(pool.map(Hello::work, List.of(words[0], new Word("b", Kind.LONG))));
            try {
              pool.apply(() -> work(new Word("", Kind.SHORT)));
            } catch (Exception e) {
              System.out.println(e.getCause().getMessage() + (e.getCause() instanceof Trouble));
            }
          }
        }
      }
      """;

  private static final String THINGS =
      """
      package things;
      import io.procession.Procession;
      import io.procession.queue.SharedQueue;
      import io.procession.serial.*;
      import java.io.Serializable;
      public class Things {
        public record Thing(int number) implements Serializable {}
        public static class Child extends Parent implements Serializable {
          @Override public String toString() { return "child of " + super.toString(); }
        }
        public static class Parent {
          @Override public String toString() { return "parent"; }
        }
        public static Object thing() { return new Thing(5); }
        public static Object child() { return new Child(); }
        public static SerializableFunction<Integer, Object> function() {
          return x -> new Thing(x + 1);
        }
        public static SerializableCallable<String> reflective() {
          return () -> {
            try {
              return Class.forName("things.Un" + "named").getName();
            } catch (ClassNotFoundException e) {
              return e.getMessage();
            }
          };
        }
        public static SerializableRunnable putter(SharedQueue<Object> queue) {
          return () -> queue.put(new Thing(7));
        }
      }
      """;

  private static final String UNNAMED = "package things; public class Unnamed {}";

  @TempDir Path folder;

  @Test
  void aProgramThatIsStartedFromItsSource() throws Exception {
    Path source = Files.writeString(folder.resolve("Hello.java"), PROGRAM);
    String said =
        Programs.run(
            folder,
            Programs.java("--class-path", Programs.place(Procession.class), source.toString()));
    assertThat(said)
        .isEqualTo(
            """
            Word[text=hi, kind=LONG]
            3
            true
            Word[text=a, kind=SHORT]
            [1, 4, 9]
            [{SHORT=3}, {LONG!=3}]
            emptytrue
            """);
  }

  @Test
  void snippetsOfJshell() throws Exception {
    String said =
        Programs.run(
            folder,
            0,
            """
            import io.procession.Procession;
            import io.procession.queue.SharedQueue;
            record Word(String text) implements java.io.Serializable {}
            void send(SharedQueue<Object> q) throws Exception {
              Procession.start(() -> q.put(new Word("hi"))).join();
            }
            SharedQueue<Object> queue = Procession.queue();
            send(queue);
            System.out.println(queue.take());
            int offset = 5
            List<Integer> shifted(List<Integer> xs) {
              return xs.stream().map(x -> x + offset).toList();
            }
            var pool = Procession.pool(1)
            System.out.println(pool.map(x -> x + offset, List.of(1, 2)));
            offset = 10
            System.out.println(pool.apply(() -> shifted(List.of(1, 2))));
            Thread thread = Thread.currentThread()
            try {
              pool.apply(() -> thread.getName());
            } catch (IllegalArgumentException e) {
              System.out.println(e.getMessage());
            }
            int plus(int x) { return x + 1; }
            System.out.println(pool.apply(() -> plus(1)));
            int plus(int x) { return x + 100; }
            System.out.println(pool.apply(() -> plus(1)));
            pool.close()
            Procession.start(() -> queue.put(new Word("by a variable"))).join()
            System.out.println(queue.take())
            /exit
            """,
            jshell("-s", "--class-path", Programs.place(Procession.class), "-"));
    assertThat(said)
        .startsWith(
            "Word[text=hi]\n"
                + "[6, 7]\n"
                + "[11, 12]\n"
                + "not serializable: variable thread (java.lang.Thread) of a lambda of"
                + " REPL.$JShell$")
        .contains("; begin it where it is to run\n")
        .endsWith("\n2\n101\nWord[text=by a variable]\n");
  }

  /// Its two JVMs, that of the tool and that of the snippets, have the flags of a program.
  private static String[] jshell(String... arguments) {
    List<String> command = new ArrayList<>(List.of(Programs.command("jshell")));
    for (String flag : Programs.flags()) {
      command.add("-J" + flag);
      command.add("-R" + flag);
    }
    command.addAll(List.of(arguments));
    return command.toArray(String[]::new);
  }

  @Test
  void aLoaderOfTheUsers() throws Exception {
    Class<?> things = things(new URL[] {compiled().toUri().toURL()});
    SharedQueue<Object> queue = Procession.queue();
    SerializableRunnable putter =
        (SerializableRunnable) things.getMethod("putter", SharedQueue.class).invoke(null, queue);
    try (JvmProcess process = Procession.start(putter)) {
      assertThat(process.join(Deadlines.LONG)).isTrue();
      assertThat(process.exitCode()).hasValue(0);
    }
    assertThat(queue.take()).hasToString("Thing[number=7]").hasSameClassAs(call(things, "thing"));

    @SuppressWarnings("unchecked")
    var function = (SerializableFunction<Integer, Object>) call(things, "function");
    try (var pool = Procession.pool(1)) {
      assertThat(pool.map(function, List.of(1, 2)))
          .hasToString("[Thing[number=2], Thing[number=3]]")
          .extracting(thing -> thing.getClass().getClassLoader())
          .containsOnly(things.getClassLoader());
      assertThat(pool.apply(Object::toString, call(things, "child"))).isEqualTo("child of parent");

      @SuppressWarnings("unchecked")
      var reflective = (SerializableCallable<String>) call(things, "reflective");
      assertThat(pool.apply(reflective)).contains("things.Unnamed", "was not sent along");
    }
    queue.destroy();
  }

  /// What a process has sent of its classes is there for those who link against it later.
  @Test
  void classesOutliveWhoSentThem() throws Exception {
    String classes = compiled().toUri().toURL().toString();
    SharedQueue<Object> queue = Procession.queue();
    JvmProcess sender =
        Procession.start(() -> {
          URL[] urls = {java.net.URI.create(classes).toURL()};
          queue.put(call(things(urls), "thing"));
        });
    assertThat(sender.join(Deadlines.LONG)).isTrue();
    SharedQueue<String> told = Procession.queue();
    try (JvmProcess taker = Procession.start(() -> told.put(queue.take().toString()))) {
      assertThat(taker.join(Deadlines.LONG)).isTrue();
    }
    assertThat(told.take()).isEqualTo("Thing[number=5]");
    queue.put(call(things(new URL[] {compiled().toUri().toURL()}), "thing"));
    assertThat(queue.take()).hasToString("Thing[number=5]");
    queue.destroy();
    told.destroy();
  }

  @Test
  void aLoaderInMemoryGivesResourcesOrIsRefused() throws Exception {
    Path classes = compiled();
    Object generous = call(new InMemory(classes, true).loadClass("things.Things"), "thing");
    SharedQueue<Object> queue = Procession.queue();
    SharedQueue<String> told = Procession.queue();
    queue.put(generous);
    try (JvmProcess process = Procession.start(() -> told.put(queue.take().toString()))) {
      assertThat(process.join(Deadlines.LONG)).isTrue();
    }
    assertThat(told.take()).isEqualTo("Thing[number=5]");

    Object mean = call(new InMemory(classes, false).loadClass("things.Things"), "thing");
    assertThatThrownBy(() -> queue.put(mean))
        .isInstanceOf(NotSendableException.class)
        .hasMessageContaining("things.Things$Thing")
        .hasMessageContaining("no resource things/Things$Thing.class");
    assertThat(queue).isEmpty();
    queue.destroy();
    told.destroy();
  }

  private Path compiled() throws Exception {
    return Programs.compile(folder, "things/Things.java", THINGS, "things/Unnamed.java", UNNAMED);
  }

  /// The loader stays open: nobody closes it before the child asks.
  @SuppressWarnings("resource")
  private static Class<?> things(URL[] urls) throws Exception {
    return new URLClassLoader(urls, Procession.class.getClassLoader()).loadClass("things.Things");
  }

  private static Object call(Class<?> things, String method) throws Exception {
    return things.getMethod(method).invoke(null);
  }

  /// Defines classes from bytes, and gives them away or does not.
  private static final class InMemory extends ClassLoader {
    private final Path classes;
    private final boolean isGenerous;

    InMemory(Path classes, boolean isGenerous) {
      this.classes = classes;
      this.isGenerous = isGenerous;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      try {
        byte[] file = Files.readAllBytes(classes.resolve(name.replace('.', '/') + ".class"));
        return defineClass(name, file, 0, file.length);
      } catch (java.io.IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }

    @Override
    public @Nullable InputStream getResourceAsStream(String name) {
      try {
        return isGenerous
            ? new ByteArrayInputStream(Files.readAllBytes(classes.resolve(name)))
            : null;
      } catch (java.io.IOException e) {
        return null;
      }
    }
  }
}

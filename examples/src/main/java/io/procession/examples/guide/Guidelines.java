package io.procession.examples.guide;

import io.procession.Procession;
import io.procession.process.JvmProcess;
import io.procession.queue.SharedQueue;
import io.procession.serial.NotSendableException;
import io.procession.sync.SharedEvent;
import io.procession.sync.SharedLock;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What to mind when one program is several processes.
public final class Guidelines {
  private Guidelines() {}

  public static void main(String[] args) throws Exception {
    Part.of("copies", Guidelines::copies);
    Part.of("path", Guidelines::path);
    Part.of("keeps", Guidelines::keeps);
    Part.of("passed", Guidelines::passed);
    Part.of("globals", Guidelines::globals);
    Part.of("input", Guidelines::input);
    Part.of("once", Guidelines::once);
  }

  private static void copies() throws Exception {
    // [copies]
    List<Integer> squares = new ArrayList<>();
    SharedQueue<Integer> results = Procession.queue();
    JvmProcess child =
        Procession.start(() -> {
          squares.add(49); // to the child's own list
          results.put(49);
        });
    child.join();
    System.out.println(squares + " " + results);
    // [end]
    results.destroy();
  }

  // [service]
  static final class Service {
    private final StringWriter log = new StringWriter();
    private final int port;

    Service(int port) {
      this.port = port;
    }

    JvmProcess careless() {
      return Procession.process(() -> System.out.println("port " + port)); // this.port
    }

    JvmProcess careful() {
      int number = port;
      return Procession.process(() -> System.out.println("port " + number));
    }

    @Override
    public String toString() {
      return log.toString();
    }
  }

  // [end]

  private static void path() throws Exception {
    // [path]
    Service service = new Service(8080);
    try {
      service.careless().start();
    } catch (NotSendableException e) {
      System.out.println(e.getMessage());
    }
    JvmProcess child = service.careful();
    child.start();
    child.join();
    // [end]
  }

  private static void keeps() throws Exception {
    // [keeps]
    SharedQueue<String> letters = Procession.queue();
    SharedEvent closed = Procession.event();
    JvmProcess child =
        Procession.start(() -> {
          closed.await();
          System.out.println("read all the same: " + letters.take());
          letters.destroy();
        });
    letters.put("a letter");
    letters.close(); // of no more use here
    closed.set();
    child.join();
    // [end]
    closed.destroy();
  }

  // [lock]
  static final SharedLock LOCK = Procession.lock();

  // [end]

  private static void passed() throws Exception {
    // [passed]
    SharedLock passed = LOCK;
    passed.lock();
    try {
      JvmProcess child =
          Procession.start(() -> {
            System.out.println("the one it was passed is free: " + passed.tryLock());
            System.out.println("the static one is free: " + LOCK.tryLock());
          });
      child.join();
    } finally {
      passed.unlock();
    }
    // [end]
  }

  // [level]
  static int level = 1;

  // [end]

  private static void globals() throws Exception {
    // [globals]
    level = 2;
    int now = level;
    JvmProcess child =
        Procession.start(() -> System.out.println("static " + level + ", captured " + now));
    child.join();
    // [end]
  }

  private static void input() throws Exception {
    // [input]
    System.setIn(new ByteArrayInputStream("first\nsecond\n".getBytes(StandardCharsets.UTF_8)));
    var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String line = lines.readLine();
    JvmProcess child =
        Procession.start(() -> {
          System.out.println(line + ", and then " + System.in.read());
          System.setIn(new ByteArrayInputStream(line.getBytes(StandardCharsets.UTF_8)));
          System.out.println("now of " + System.in.readAllBytes().length + " bytes");
        });
    child.join();
    System.out.println(lines.readLine());
    // [end]
  }

  private static void once() throws Exception {
    // [once]
    PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    out.println("written once");
    JvmProcess child = Procession.start(() -> System.out.println("from the child"));
    child.join();
    out.flush();
    // [end]
  }
}

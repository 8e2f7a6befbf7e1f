package io.procession.pool;

import io.procession.serial.ByteSource;
import io.procession.serial.Codec;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Runs a task again that has failed in a pool, in this JVM, where a debugger can look at it:
///
/// ```
/// java -cp CLASS_PATH io.procession.pool.Reproduce pool-1-task-17-4711.task
/// ```
///
/// The class path is that of the program, with its modules, which the file names. Classes that were on no path (of `java
/// Main.java`, of JShell) are not in the file: such a program has to be compiled first. The task's result is printed, or
/// what it threw, and then the exit code is 1. Of a chunk of a map the element runs that failed.
/// What the task shared with other processes (queues, locks, shared memory) is gone: such a task
/// cannot be read.
///
/// Files come from [PoolOptions#withReproducers]. **To run one is to run whatever code it names**,
/// as with any serialized object: run only your own.
public final class Reproduce {
  private Reproduce() {}

  /// Runs the task of a file.
  ///
  /// @param args the file
  /// @throws Throwable what the task throws, or why it cannot be run
  public static void main(String[] args) throws Throwable {
    if (args.length != 1) {
      System.err.println("usage: java -cp CLASS_PATH " + Reproduce.class.getName() + " FILE");
      System.exit(2);
    }
    byte[] bytes = Files.readAllBytes(Path.of(args[0]));
    int end = endOfText(bytes);
    String text = new String(bytes, 0, end, StandardCharsets.UTF_8);
    System.out.println(text.strip());
    System.out.println();
    Object result = run(bytes, end, elementOf(text));
    System.out.println("result: " + result);
  }

  private static int endOfText(byte[] bytes) throws StreamCorruptedException {
    byte[] magic = Reproducers.MAGIC.getBytes(StandardCharsets.UTF_8);
    if (bytes.length < magic.length || !Arrays.equals(magic, Arrays.copyOf(bytes, magic.length))) {
      throw new StreamCorruptedException("no reproducer: the first line is another");
    }
    for (int i = magic.length; i + 1 < bytes.length; i++) {
      if (bytes[i] == '\n' && bytes[i + 1] == '\n') {
        return i + 2;
      }
    }
    throw new StreamCorruptedException("no reproducer: it is cut off");
  }

  private static int elementOf(String text) throws StreamCorruptedException {
    String line =
        text.lines()
            .filter(each -> each.startsWith(Reproducers.ELEMENT))
            .findFirst()
            .orElseThrow(() -> new StreamCorruptedException("no reproducer: no element"));
    return Integer.parseInt(line.substring(Reproducers.ELEMENT.length()));
  }

  private static @Nullable Object run(byte[] bytes, int from, int element)
      throws IOException, ReflectiveOperationException, Exception {
    ByteSource in = new ByteSource(bytes, from, bytes.length - from);
    long task = in.getLong();
    int kind = TaskLayout.kind(in.getInt());
    var _ = in.getInt();
    var _ = in.getInt();
    var _ = in.getInt();
    Codec codec = Codec.standard();
    Object function = codec.decode(in);
    Turn turn = new Turn(Thread.currentThread());
    Task.isTakenFrom(turn, null);
    turn.enter(task, 1, 0);
    turn.run(element);
    try {
      if (kind == TaskLayout.CALL) {
        return WorkerLoop.callable(function).call();
      }
      Object argument = codec.decode(in);
      if (kind != TaskLayout.APPLY && argument instanceof Object[] elements) {
        argument = elements[element];
      }
      return WorkerLoop.function(function).apply(argument);
    } finally {
      turn.pause();
      turn.enter(0, 0, 0); // who calls this from a program of their own has no task any more
    }
  }
}

package io.procession.examples.guide;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.procession.Procession;
import io.procession.connection.Address;
import io.procession.connection.AuthKey;
import io.procession.connection.BufferTooShortException;
import io.procession.connection.ConnectionOptions;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Pipes inside a session, and connections to other programs.
public final class Connections {
  private Connections() {}

  public static void main(String[] args) throws Exception {
    Part.of("first", Connections::bothWays);
    Part.of("short", Connections::tooShort);
    Part.of("segments", Connections::segments);
    Part.of("ended", Connections::endOfStream);
    Part.of("listener", Connections::listener);
    Part.of("strangers", Connections::strangers);
  }

  private static void bothWays() throws Exception {
    // [first]
    var pipe = Procession.pipe();
    var ours = pipe.first();
    var theirs = pipe.second();
    var child =
        Procession.start(() -> {
          theirs.send(Arrays.asList(42, null, "hello"));
          theirs.send("got " + theirs.recv());
        });
    theirs.close();
    System.out.println(ours.recv());
    ours.send(7);
    System.out.println(ours.recv());
    child.join();
    // [end]
    ours.close();
  }

  private static void tooShort() throws Exception {
    // [short]
    try (var pipe = Procession.oneWayPipe()) {
      pipe.second().sendBytes("thank you".getBytes(UTF_8));
      byte[] room = new byte[5];
      try {
        int length = pipe.first().recvBytesInto(room);
        System.out.println(new String(room, 0, length, UTF_8));
      } catch (BufferTooShortException e) {
        System.out.println("long: " + new String(e.message(), UTF_8));
      }
    }
    // [end]
  }

  private static void segments() throws Exception {
    // [segments]
    try (var pipe = Procession.oneWayPipe();
        var arena = Arena.ofConfined()) {
      MemorySegment image = arena.allocate(1 << 20).fill((byte) 7);
      pipe.second().sendBytes(image);
      MemorySegment received = arena.allocate(1 << 20);
      int length = pipe.first().recvBytesInto(received);
      System.out.println(length + " bytes, the same: " + (image.mismatch(received) == -1));
    }
    // [end]
  }

  private static void endOfStream() throws Exception {
    // [ended]
    var pipe = Procession.oneWayPipe();
    var reader = pipe.first();
    var writer = pipe.second();
    var child =
        Procession.start(() -> {
          writer.send("last words");
          Runtime.getRuntime().halt(1);
        });
    writer.close();
    System.out.println(reader.recv());
    try {
      System.out.println(reader.recv());
    } catch (EOFException e) {
      System.out.println("that was all");
    }
    child.join();
    // [end]
    reader.close();
  }

  private static void listener() throws Exception {
    // [listener]
    String secret = "a better secret than this";
    var options = ConnectionOptions.defaults().withAuthKey(AuthKey.of(secret));
    try (var listener = Procession.listener(Address.of("127.0.0.1:0"), options)) {
      Address place = listener.address();
      Procession.start(() -> {
        var theirs = ConnectionOptions.defaults().withAuthKey(AuthKey.of(secret));
        try (var connection = Procession.client(place, theirs)) {
          connection.send("hello");
        }
      });
      try (var connection = listener.accept()) {
        System.out.println(connection.recv());
      }
    }
    // [end]
  }

  private static void strangers() throws Exception {
    // [strangers]
    var options = ConnectionOptions.defaults();
    try (var listener = Procession.listener(Address.of("127.0.0.1:0"), options);
        var client = Procession.client(listener.address(), options);
        var server = listener.accept()) {
      client.send("an object");
      try {
        server.recv();
      } catch (IOException e) {
        System.out.println("refused: " + e.getClass().getSimpleName());
      }
      System.out.println("as bytes: " + server.recvBytes().length);
    }
    // [end]
  }
}

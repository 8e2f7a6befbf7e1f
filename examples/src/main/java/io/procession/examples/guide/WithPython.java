package io.procession.examples.guide;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.procession.Procession;
import io.procession.connection.Address;
import io.procession.connection.AuthKey;
import io.procession.connection.ConnectionOptions;
import io.procession.shared.ShareableList;
import io.procession.shared.SharedMemory;
import java.io.IOException;
import java.util.Arrays;

/// Memory, a list and a connection that a CPython process uses, too. Arguments: its command, and the folder with the
/// scripts.
public final class WithPython {
  private WithPython() {}

  public static void main(String[] args) throws Exception {
    String python = args[0];
    String folder = args[1];
    String name = "guide-" + ProcessHandle.current().pid();
    Part.of("memory", () -> memory(python, folder + "/memory.py", name));
    Part.of("list", () -> list(python, folder + "/list.py", name));
    Part.of("peer", () -> peer(python, folder + "/peer.py"));
  }

  private static void memory(String python, String script, String name) throws Exception {
    // [memory]
    try (var memory = SharedMemory.create(name, 4096)) {
      memory.buffer().put(0, (byte) 65);
      run(python, script, name);
      System.out.println(memory.buffer().get(1));
      memory.unlink();
    }
    // [end]
  }

  private static void list(String python, String script, String name) throws Exception {
    // [list]
    try (var list = ShareableList.create(name, Arrays.asList("howdy", 42, 2.5, true, null))) {
      run(python, script, name);
      System.out.println(list);
      list.unlink();
    }
    // [end]
  }

  private static void peer(String python, String script) throws Exception {
    // [peer]
    var key = AuthKey.of("a better secret than this");
    var options = ConnectionOptions.defaults().withAuthKey(key);
    try (var listener = Procession.listener(Address.tcp("127.0.0.1", 0), options)) {
      String port = listener.address().toString().replace("127.0.0.1:", "");
      Process client = new ProcessBuilder(python, script, port).inheritIO().start();
      try (var connection = listener.accept()) {
        System.out.println(new String(connection.recvBytes(), UTF_8));
        connection.sendBytes("and from Java".getBytes(UTF_8));
      }
      client.waitFor();
    }
    // [end]
  }

  private static void run(String... command) throws IOException, InterruptedException {
    int status = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (status != 0) {
      throw new IllegalStateException("python failed: status=" + status);
    }
  }
}

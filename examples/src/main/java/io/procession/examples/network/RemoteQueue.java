package io.procession.examples.network;

import static java.util.Objects.requireNonNull;

import io.procession.connection.Address;
import io.procession.connection.AuthKey;
import io.procession.connection.TlsOptions;
import io.procession.manager.ManagerOptions;
import io.procession.manager.SyncManager;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentMap;

/// A client of [ServeManager]: puts words into a queue there, or takes them out. Arguments: the address,
/// the queue's name, and `put WORD...` or `take NUMBER`. The key is the variable `PROCESSION_AUTHKEY`;
/// for TLS, `PROCESSION_TLS` names a PKCS #12 file, beside which the password lies in `FILE.password`.
public final class RemoteQueue {
  private RemoteQueue() {}

  public static void main(String[] args) throws Exception {
    SyncManager manager =
        new SyncManager(options(Address.of(args[0]))).register(ServeManager.DIRECTORY).connect();
    ConcurrentMap<String, Object> directory = manager.create(ServeManager.DIRECTORY);
    directory.putIfAbsent(args[1], manager.queue()); // the first who comes
    @SuppressWarnings("unchecked") // all put words
    BlockingQueue<String> queue = (BlockingQueue<String>) requireNonNull(directory.get(args[1]));
    List<String> words = Arrays.asList(args).subList(3, args.length);
    if (args[2].equals("put")) {
      queue.addAll(words); // in one round trip
    } else {
      for (int i = Integer.parseInt(words.getFirst()); i > 0; i--) {
        System.out.println(queue.take());
      }
    }
    manager.shutdown(); // the connection only: the server is not ours
  }

  private static ManagerOptions options(Address address) {
    ManagerOptions options =
        ManagerOptions.defaults()
            .withAddress(address)
            .withAuthKey(AuthKey.of(requireNonNull(System.getenv(ServeManager.KEY_VARIABLE))));
    String keyStore = System.getenv("PROCESSION_TLS");
    return keyStore == null
        ? options
        : options.withTls(() ->
            TlsOptions.of(KeyStores.context(Path.of(keyStore), Path.of(keyStore + ".password"))));
  }
}

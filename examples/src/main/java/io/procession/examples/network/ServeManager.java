package io.procession.examples.network;

import io.procession.Procession;
import io.procession.connection.Address;
import io.procession.connection.AuthKey;
import io.procession.connection.TlsOptions;
import io.procession.manager.ManagedType;
import io.procession.manager.ManagerOptions;
import io.procession.manager.ManagerServer;
import io.procession.manager.SyncManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// A manager as a server of its own, for other programs and hosts. SIGTERM ends it in order.
///
/// Clients find what they share in its directory, by name:
///
/// ```java
/// var manager = new SyncManager(options).register(ServeManager.DIRECTORY).connect();
/// ConcurrentMap<String, Object> directory = manager.create(ServeManager.DIRECTORY);
/// directory.putIfAbsent("jobs", manager.queue());
/// ```
///
/// The key stands in a file, or in the variable `PROCESSION_AUTHKEY`: never on the command line, which
/// everybody on the machine may read.
public final class ServeManager {
  /// The one map of names that all clients share.
  @SuppressWarnings("unchecked") // the class literal has no type arguments
  public static final ManagedType<ConcurrentMap<String, Object>> DIRECTORY =
      ManagedType.of(
              (Class<ConcurrentMap<String, Object>>) (Class<?>) ConcurrentMap.class,
              () -> Names.ALL)
          .withName("directory");

  static final String KEY_VARIABLE = "PROCESSION_AUTHKEY";

  private static final String ADDRESS = "--address";
  private static final String KEY_FILE = "--key-file";
  private static final String KEY_STORE = "--tls-key-store";
  private static final String PASSWORD_FILE = "--tls-password-file";

  private ServeManager() {}

  /// At the server: what clients have put there lives as long as the server does.
  private static final class Names {
    static final ConcurrentMap<String, Object> ALL = new ConcurrentHashMap<>();
  }

  public static void main(String[] args) {
    CommandLine line = new CommandLine(commandSpec());
    line.setExecutionStrategy(parsed -> serve(parsed));
    System.exit(line.execute(args));
  }

  private static CommandSpec commandSpec() {
    CommandSpec spec = CommandSpec.create().name("serve-manager");
    spec.usageMessage()
        .description(
            "Serves managed objects to other programs and hosts, until it is ended by SIGTERM or"
                + " Ctrl-C.")
        .footer(
            "",
            "The key is read from the file, or from the variable " + KEY_VARIABLE + ".",
            "Exit status: 143 after SIGTERM, 1 if it cannot serve, 2 for bad options.");
    return spec.addOption(
            option(ADDRESS, "ADDRESS")
                .required(true)
                .description("Where to listen: host:port (port 0 for any), or unix:/path.")
                .build())
        .addOption(option(KEY_FILE, "FILE").description("The key that clients must know.").build())
        .addOption(
            option(KEY_STORE, "FILE")
                .description("TLS with the certificate and key of this PKCS #12 file.")
                .build())
        .addOption(option(PASSWORD_FILE, "FILE").description("The password of that file.").build())
        .addOption(
            OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Print this help and exit.")
                .build());
  }

  private static OptionSpec.Builder option(String name, String label) {
    return OptionSpec.builder(name).paramLabel(label).type(String.class);
  }

  private static int serve(ParseResult parsed) {
    if (parsed.isUsageHelpRequested()) {
      parsed.commandSpec().commandLine().usage(System.out);
      return 0;
    }
    CountDownLatch ended = new CountDownLatch(1);
    try {
      SyncManager manager = new SyncManager(options(parsed)).register(DIRECTORY);
      try (ManagerServer server = manager.getServer()) {
        Procession.atExit(() -> end(server, ended));
        System.out.println("serving at " + server.address().orElseThrow());
        server.serveForever();
      }
    } catch (IOException e) {
      System.err.println("cannot serve: " + e);
      return 1;
    } catch (InterruptedException e) {
      return 1;
    } finally {
      ended.countDown();
    }
    return 0; // a client has asked for its end
  }

  /// On SIGTERM: callers are told, then the process goes.
  private static void end(ManagerServer server, CountDownLatch ended) {
    server.close();
    try {
      ended.await();
    } catch (InterruptedException e) {
      return; // it took too long
    }
    System.out.println("ended");
  }

  private static ManagerOptions options(ParseResult parsed) throws IOException {
    CommandLine line = parsed.commandSpec().commandLine();
    ManagerOptions options;
    try {
      options =
          ManagerOptions.defaults().withAddress(Address.of(parsed.matchedOptionValue(ADDRESS, "")));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(line, String.valueOf(e.getMessage()), e);
    }
    options = options.withAuthKey(key(line, parsed.matchedOptionValue(KEY_FILE, null)));
    String keyStore = parsed.matchedOptionValue(KEY_STORE, null);
    if (keyStore == null) {
      return options;
    }
    String passwordFile = parsed.matchedOptionValue(PASSWORD_FILE, null);
    if (passwordFile == null) {
      throw new ParameterException(line, KEY_STORE + " needs " + PASSWORD_FILE);
    }
    return options.withTls(
        () -> TlsOptions.of(KeyStores.context(Path.of(keyStore), Path.of(passwordFile))));
  }

  private static AuthKey key(CommandLine line, @Nullable String file) throws IOException {
    String key = file == null ? System.getenv(KEY_VARIABLE) : Files.readString(Path.of(file));
    if (key == null || key.isBlank()) {
      throw new ParameterException(
          line, "there is no key: give " + KEY_FILE + ", or set " + KEY_VARIABLE);
    }
    return AuthKey.of(key.strip());
  }
}

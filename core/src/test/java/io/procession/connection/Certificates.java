package io.procession.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// Self-signed certificates, made for one test by the JDK's keytool.
public final class Certificates {
  private static final char[] PASSWORD = "only for tests".toCharArray();

  private Certificates() {}

  /// A context that has a key for `localhost` and 127.0.0.1, and trusts its certificate only.
  public static SSLContext context(Path folder) throws Exception {
    Path file = folder.resolve("key.p12");
    run(
        folder,
        "-genkeypair",
        "-alias",
        "test",
        "-keyalg",
        "EC",
        "-groupname",
        "secp256r1", // its arithmetic is the fastest
        "-dname",
        "CN=localhost",
        "-ext",
        "san=dns:localhost,ip:127.0.0.1",
        "-validity",
        "2",
        "-storetype",
        "PKCS12",
        "-keystore",
        file.toString(),
        "-storepass",
        new String(PASSWORD));
    return made(file);
  }

  /// The context of a key that was made before, by this process or another: its file is `key.p12`.
  public static SSLContext made(Path file) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD);
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("test", store.getCertificate("test"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private static void run(Path folder, String... arguments) throws Exception {
    Path log = folder.resolve("keytool.log");
    var command =
        new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin/keytool").toString());
    command.command().addAll(List.of(arguments));
    Process keytool = command.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    assertThat(keytool.waitFor()).as("keytool: %s", Files.readString(log)).isZero();
  }
}

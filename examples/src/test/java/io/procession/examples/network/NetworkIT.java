package io.procession.examples.network;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Servers that other JVMs use.
@Timeout(240)
class NetworkIT {
  private static final Map<String, String> KEY = Map.of("PROCESSION_AUTHKEY", "a key of this test");

  @Test
  void twoOtherJvmsShareAQueueOfTheServer() throws Exception {
    try (Served server = Served.start(KEY, "ServeManager", "--address", "localhost:0")) {
      String address = address(server);
      try (Served taker = Served.start(KEY, "RemoteQueue", address, "jobs", "take", "3");
          Served putter = Served.start(KEY, "RemoteQueue", address, "jobs", "put", "a", "b", "c")) {
        assertThat(taker.line()).isEqualTo("a");
        assertThat(taker.line()).isEqualTo("b");
        assertThat(taker.line()).isEqualTo("c");
        assertThat(taker.status()).isZero();
        assertThat(putter.status()).isZero();
      }
      server.terminate();
      assertThat(server.line()).isEqualTo("ended");
      assertThat(server.status()).isEqualTo(128 + 15);
    }
  }

  @Test
  void keyOfAFileAndTls(@TempDir Path folder) throws Exception {
    Path keyFile = Files.writeString(folder.resolve("key"), "a key of this test\n");
    Path store = folder.resolve("store.p12");
    Path password = Files.writeString(folder.resolve("store.p12.password"), "changeit\n");
    makeCertificate(store);
    try (Served server =
        Served.start(
            Map.of(),
            "ServeManager",
            "--address=localhost:0",
            "--key-file=" + keyFile,
            "--tls-key-store=" + store,
            "--tls-password-file=" + password)) {
      String address = address(server);
      Map<String, String> secure =
          Map.of("PROCESSION_AUTHKEY", "a key of this test", "PROCESSION_TLS", store.toString());
      try (Served putter = Served.start(secure, "RemoteQueue", address, "q", "put", "secret")) {
        assertThat(putter.status()).isZero();
      }
      try (Served taker = Served.start(secure, "RemoteQueue", address, "q", "take", "1")) {
        assertThat(taker.line()).isEqualTo("secret");
      }
    }
  }

  @Test
  void withoutAKeyNothingIsServed() throws Exception {
    try (Served server =
        Served.start(Map.of("PROCESSION_AUTHKEY", ""), "ServeManager", "--address=localhost:0")) {
      assertThat(server.line()).isNull();
      assertThat(server.status()).isEqualTo(2);
    }
  }

  @Test
  void processesOfAWebServerShareAPort() throws Exception {
    try (Served server = Served.start(Map.of(), "WebServer", "2", "0")) {
      String said = requireNonNull(server.line());
      assertThat(said).endsWith(" by 2 processes");
      URL page = URI.create(said.substring(0, said.indexOf(' '))).toURL();
      Set<String> answers = new TreeSet<>();
      for (int i = 0; i < 500 && answers.size() < 2; i++) {
        try (InputStream answer = page.openStream()) {
          answers.add(new String(answer.readAllBytes(), US_ASCII));
        }
      }
      assertThat(answers).containsExactly("hello from web-0\n", "hello from web-1\n");
      server.terminate();
      assertThat(server.status()).isEqualTo(128 + 15);
    }
  }

  private static String address(Served server) throws Exception {
    String said = requireNonNull(server.line());
    assertThat(said).startsWith("serving at ");
    return said.substring("serving at ".length());
  }

  private static void makeCertificate(Path store) throws Exception {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-storetype",
                "PKCS12",
                "-storepass",
                "changeit",
                "-keystore",
                store.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), US_ASCII);
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(keytool.exitValue()).as(said).isZero();
  }
}

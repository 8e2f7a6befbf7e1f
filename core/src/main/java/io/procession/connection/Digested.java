package io.procession.connection;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.jspecify.annotations.Nullable;

/// A challenge or a response, and the digest that it names: Python's rule, the same for both.
///
/// @param isLegacy whether it names none, as before Python 3.12, which means MD5
/// @param restAt where what stands behind the name begins
record Digested(Digest digest, boolean isLegacy, int restAt) {
  private static final int MD5_BYTES = 16;
  private static final int LEGACY_CHALLENGE = 20;
  private static final int LONGEST_NAME = 8;

  /// The digests that Python accepts, with their names there and in the JDK.
  enum Digest {
    MD5("md5", "HmacMD5"),
    SHA256("sha256", "HmacSHA256"),
    SHA384("sha384", "HmacSHA384"),
    SHA3_256("sha3_256", "HmacSHA3-256"),
    SHA3_384("sha3_384", "HmacSHA3-384");

    private final String name;
    private final String algorithm;

    Digest(String name, String algorithm) {
      this.name = name;
      this.algorithm = algorithm;
    }

    String algorithm() {
      return algorithm;
    }

    byte[] prefix() {
      return ("{" + name + "}").getBytes(US_ASCII);
    }

    boolean isAccepted(ConnectionOptions options) {
      return this != MD5 || options.acceptsMd5();
    }

    private static @Nullable Digest of(String name) {
      for (Digest digest : values()) {
        if (digest.name.equals(name)) {
          return digest;
        }
      }
      return null;
    }
  }

  /// What a message says, or null if it is neither of the two.
  static @Nullable Digested parse(byte[] message) {
    if (message.length == MD5_BYTES || message.length == LEGACY_CHALLENGE) {
      return new Digested(Digest.MD5, true, 0);
    }
    int end = nameEnd(message);
    if (end < 0) {
      return null;
    }
    Digest digest = Digest.of(new String(message, 1, end - 1, US_ASCII));
    return digest == null ? null : new Digested(digest, false, end + 1);
  }

  private static int nameEnd(byte[] message) {
    if (message.length == 0 || message[0] != '{') {
      return -1;
    }
    for (int i = 1; i < message.length && i <= LONGEST_NAME + 1; i++) {
      if (message[i] == '}') {
        return i;
      }
    }
    return -1;
  }
}

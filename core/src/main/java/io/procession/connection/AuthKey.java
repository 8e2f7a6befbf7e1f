package io.procession.connection;

import io.procession.internal.posix.KernelRandom;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// A secret that both ends of a connection know and neither sends: Python's `authkey`.
///
/// A key is not printed, and cannot be serialized. It does not change, and is safe for all threads.
/// Two keys are equal only if they are the same object, so that nobody compares secrets by chance.
public final class AuthKey {
  private static final int RANDOM_BYTES = 32;

  private final byte[] secret;

  private AuthKey(byte[] secret) {
    if (secret.length == 0) {
      throw new IllegalArgumentException(
          "an authentication key must not be empty: length=0; use AuthKey.random()");
    }
    this.secret = secret;
  }

  /// A key of given bytes.
  ///
  /// @param secret the bytes, copied; 16 random ones or more are a good key
  /// @return the key
  /// @throws IllegalArgumentException if there are none
  public static AuthKey of(byte[] secret) {
    return new AuthKey(secret.clone());
  }

  /// A key of the UTF-8 bytes of a string.
  ///
  /// @param secret the string
  /// @return the key
  /// @throws IllegalArgumentException if it is empty
  public static AuthKey of(String secret) {
    return new AuthKey(secret.getBytes(StandardCharsets.UTF_8));
  }

  /// A key of 32 bytes that nobody can guess.
  ///
  /// @return a new key
  public static AuthKey random() {
    return new AuthKey(KernelRandom.bytes(RANDOM_BYTES));
  }

  /// The bytes of the key, for who has to hand it over by a private way.
  ///
  /// @return a copy
  public byte[] toBytes() {
    return secret.clone();
  }

  /// The keyed digest of a message.
  ///
  /// @param algorithm the JDK's name, such as `HmacSHA256`
  byte[] digest(String algorithm, byte[] message) {
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(secret, algorithm));
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK lacks a digest: algorithm=" + algorithm, e);
    }
  }

  @Override
  public String toString() {
    return "AuthKey(hidden)";
  }
}

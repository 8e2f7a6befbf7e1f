package io.procession.internal.posix;

import java.io.FileInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.SecureRandom;

/// Bytes that nobody can guess, of the kernel's generator.
///
/// `SecureRandom` on Linux has them from the same device. It loads the security providers for that: 25 ms of a JVM that has
/// just started, as most have when they make a session, a key or a challenge.
public final class KernelRandom {
  private static final String DEVICE = "/dev/urandom";
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  private KernelRandom() {}

  /// As many bytes as are asked for. Never waits; may be called by all threads.
  public static byte[] bytes(int count) {
    try (var device = new FileInputStream(DEVICE)) {
      byte[] bytes = device.readNBytes(count);
      if (bytes.length == count) {
        return bytes;
      }
    } catch (IOException e) {
      // another system, or a root folder without devices
    }
    byte[] bytes = new byte[count];
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }

  /// A number of which all values are as likely.
  public static long nextLong() {
    return MemorySegment.ofArray(bytes(Long.BYTES)).get(LONG, 0);
  }
}

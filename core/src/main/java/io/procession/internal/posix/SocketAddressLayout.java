package io.procession.internal.posix;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;

/// The kernel's addresses of sockets. The family has the machine's byte order, ports and addresses
/// that of the network.
///
/// ```
/// sockaddr_in       0 family  2 port  4 address (4 bytes)  8 zero                16 bytes
/// sockaddr_in6      0 family  2 port  4 flow  8 address (16 bytes)  24 scope     28 bytes
/// sockaddr_un       0 family  2 path: to the first zero byte, which may be        3 to 110
///                               missing; or a zero byte and an abstract name,
///                               whose length only the address's length tells;
///                               or nothing: no name                                2 bytes
/// ```
final class SocketAddressLayout {
  static final int AF_UNIX = 1;
  static final int AF_INET = 2;
  static final int AF_INET6 = 10;

  /// Room for any of them.
  static final long BYTES = 128;

  private static final long PORT_AT = 2;
  private static final long INET_ADDRESS_AT = 4;
  private static final long INET_BYTES = 16;
  private static final long INET6_ADDRESS_AT = 8;
  private static final long INET6_SCOPE_AT = 24;
  private static final long INET6_BYTES = 28;
  private static final long PATH_AT = 2;

  private static final ValueLayout.OfShort FAMILY = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfShort PORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

  private SocketAddressLayout() {}

  static int family(SocketName name) {
    return switch (name) {
      case SocketName.Local _ -> AF_UNIX;
      case SocketName.Inet(Inet4Address _, int _) -> AF_INET;
      case SocketName.Inet _ -> AF_INET6;
    };
  }

  /// Writes an address.
  ///
  /// @return its length
  static long write(MemorySegment memory, SocketName name) {
    memory.asSlice(0, BYTES).fill((byte) 0);
    memory.set(FAMILY, 0, (short) family(name));
    return switch (name) {
      case SocketName.Local local -> writeLocal(memory, local);
      case SocketName.Inet(InetAddress address, int port) -> {
        memory.set(PORT, PORT_AT, (short) port);
        boolean isFour = address instanceof Inet4Address;
        byte[] bytes = address.getAddress();
        long at = isFour ? INET_ADDRESS_AT : INET6_ADDRESS_AT;
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, at, bytes.length);
        if (address instanceof Inet6Address six) {
          memory.set(INT, INET6_SCOPE_AT, six.getScopeId());
        }
        yield isFour ? INET_BYTES : INET6_BYTES;
      }
    };
  }

  private static long writeLocal(MemorySegment memory, SocketName.Local local) {
    byte[] path = local.path().getBytes(UTF_8);
    if (path.length > SocketName.Local.MAX_PATH_BYTES) {
      throw new IllegalArgumentException(
          "the path of a Unix domain socket has at most "
              + SocketName.Local.MAX_PATH_BYTES
              + " bytes: bytes="
              + path.length
              + ", address="
              + local);
    }
    MemorySegment.copy(path, 0, memory, ValueLayout.JAVA_BYTE, PATH_AT, path.length);
    boolean hasEnd = !local.isAbstract() && !local.isUnnamed();
    return PATH_AT + path.length + (hasEnd ? 1 : 0);
  }

  /// Reads an address that the kernel has written.
  static SocketName read(MemorySegment memory, int length) {
    int family = length < PATH_AT ? AF_UNIX : memory.get(FAMILY, 0);
    return switch (family) {
      case AF_INET -> inet(memory, INET_ADDRESS_AT, 4, 0);
      case AF_INET6 -> inet(memory, INET6_ADDRESS_AT, 16, memory.get(INT, INET6_SCOPE_AT));
      case AF_UNIX -> local(memory, length);
      default -> throw new IllegalStateException("no address of a stream: family=" + family);
    };
  }

  private static SocketName inet(MemorySegment memory, long at, int length, int scope) {
    byte[] bytes = new byte[length];
    MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, at, bytes, 0, length);
    int port = Short.toUnsignedInt(memory.get(PORT, PORT_AT));
    try {
      InetAddress address =
          scope == 0
              ? InetAddress.getByAddress(bytes)
              : Inet6Address.getByAddress(null, bytes, scope);
      return new SocketName.Inet(address, port);
    } catch (UnknownHostException e) {
      throw new AssertionError(e); // the length is right
    }
  }

  private static SocketName local(MemorySegment memory, int length) {
    int bytes = (int) Math.max(0, Math.min(length, BYTES) - PATH_AT);
    byte[] path = new byte[bytes];
    MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, PATH_AT, path, 0, bytes);
    int end = bytes;
    if (bytes > 0 && path[0] != 0) {
      end = 0;
      while (end < bytes && path[end] != 0) {
        end++;
      }
    }
    return new SocketName.Local(new String(path, 0, end, UTF_8));
  }
}

package io.procession.internal.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Locale;

/// The system calls for stream sockets, all of which are made not to block. A call that a signal
/// interrupts is made again.
final class SocketCalls {
  /// Said by calls that would have to wait.
  static final int WOULD_WAIT = -2;

  private static final long STREAM = 1; // linux/net.h
  private static final long CLOEXEC = 0x80000;
  private static final long NONBLOCK = 0x800;
  private static final long NO_SIGNAL = 0x4000; // MSG_NOSIGNAL: an error instead of SIGPIPE
  private static final long CMSG_CLOEXEC = 0x4000_0000;
  private static final long DUPFD_CLOEXEC = 1030; // linux/fcntl.h

  private static final int SOL_SOCKET = 1; // asm-generic/socket.h
  private static final int SO_REUSEADDR = 2;
  private static final int SO_ERROR = 4;
  private static final int SO_KEEPALIVE = 9;
  private static final int SO_PEERCRED = 17;
  private static final int SO_PROTOCOL = 38;
  private static final int SO_DOMAIN = 39;
  private static final int IPPROTO_TCP = 6;
  private static final int TCP_NODELAY = 1;
  private static final int TCP_KEEPIDLE = 4; // linux/tcp.h
  private static final int TCP_KEEPINTVL = 5;
  private static final int TCP_KEEPCNT = 6;
  private static final long OWNER_ONLY = 0600;

  /// Memory of one call: an error number, an address with its length, a number.
  private static final long ADDRESS_AT = 16;

  private static final long LENGTH_AT = ADDRESS_AT + SocketAddressLayout.BYTES;
  private static final long BYTES = LENGTH_AT + 16;

  private SocketCalls() {}

  /// Makes a socket for streams to such an address.
  static int socket(SocketName name) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(Syscall.ERRNO);
      long type = STREAM | CLOEXEC | NONBLOCK;
      int family = SocketAddressLayout.family(name);
      return (int)
          checked(
              Syscall.call(errno, Syscall.SOCKET, family, type, 0, 0, 0, 0),
              errno,
              "socket(" + name + ")");
    }
  }

  /// Gives a socket its name; the file of a Unix domain socket is its owner's alone from the first.
  static void bind(int socket, SocketName name) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(BYTES, 8);
      if (name instanceof SocketName.Inet) {
        // a port whose connections of a while ago still linger is free
        set(socket, SOL_SOCKET, SO_REUSEADDR, 1);
      } else {
        checked(
            Syscall.call(memory, Syscall.FCHMOD, socket, OWNER_ONLY, 0, 0, 0, 0),
            memory,
            "fchmod(" + name + ")");
      }
      MemorySegment address = memory.asSlice(ADDRESS_AT);
      long length = SocketAddressLayout.write(address, name);
      checked(
          Syscall.call(memory, Syscall.BIND, socket, address.address(), length, 0, 0, 0),
          memory,
          "bind(" + name + ")");
    }
  }

  static void listen(int socket, int backlog, SocketName name) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(Syscall.ERRNO);
      checked(
          Syscall.call(errno, Syscall.LISTEN, socket, backlog, 0, 0, 0, 0),
          errno,
          "listen(" + name + ")");
    }
  }

  /// The next connection, or [#WOULD_WAIT]. One that was given up meanwhile is passed over.
  static int accept(int socket) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(Syscall.ERRNO);
      while (true) {
        long result = Syscall.call(errno, Syscall.ACCEPT4, socket, 0, 0, CLOEXEC | NONBLOCK, 0, 0);
        int error = result == -1 ? Syscall.errno(errno) : 0;
        if (error != Errno.EINTR && error != Errno.ECONNABORTED) {
          return (int) orWouldWait(result, error, "accept");
        }
      }
    }
  }

  /// Begins to connect.
  ///
  /// @return 0 if it is connected, [Errno#EINPROGRESS] if that shows later, [Errno#EAGAIN] if the
  ///     other side takes no more at the moment
  static int connect(int socket, SocketName name) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(BYTES, 8);
      MemorySegment address = memory.asSlice(ADDRESS_AT);
      long length = SocketAddressLayout.write(address, name);
      long result =
          Syscall.call(memory, Syscall.CONNECT, socket, address.address(), length, 0, 0, 0);
      int error = result == -1 ? Syscall.errno(memory) : 0;
      return switch (error) {
        case 0, Errno.EAGAIN, Errno.EINPROGRESS -> error;
        case Errno.EINTR -> Errno.EINPROGRESS; // it goes on
        default -> throw new ErrnoException("connect(" + name + ")", error);
      };
    }
  }

  /// The error that a socket has come to meanwhile, or 0.
  static int error(int socket) throws ErrnoException {
    return option(socket, SO_ERROR, Integer.BYTES).get(ValueLayout.JAVA_INT, 0);
  }

  /// True if the socket is one for streams of the Internet.
  static boolean isTcp(int socket) throws ErrnoException {
    return option(socket, SO_PROTOCOL, Integer.BYTES).get(ValueLayout.JAVA_INT, 0) == IPPROTO_TCP;
  }

  /// True if the system says that a Unix domain socket's other end is a process of this user.
  static boolean isPeerOfThisUser(int socket) throws ErrnoException {
    int domain = option(socket, SO_DOMAIN, Integer.BYTES).get(ValueLayout.JAVA_INT, 0);
    if (domain != SocketAddressLayout.AF_UNIX) {
      return false;
    }
    int user = option(socket, SO_PEERCRED, 12).get(ValueLayout.JAVA_INT, 4); // pid, uid, gid
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(Syscall.ERRNO);
      return user == (int) Syscall.call(errno, Syscall.GETEUID, 0, 0, 0, 0, 0, 0);
    }
  }

  /// Sends small messages at once instead of waiting for more, and looks now and then whether the other end of a
  /// silent connection is there.
  static void setUpTcp(int socket) throws ErrnoException {
    set(socket, IPPROTO_TCP, TCP_NODELAY, 1);
    set(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
    set(socket, IPPROTO_TCP, TCP_KEEPIDLE, TcpProbes.IDLE_SECONDS);
    set(socket, IPPROTO_TCP, TCP_KEEPINTVL, TcpProbes.PAUSE_SECONDS);
    set(socket, IPPROTO_TCP, TCP_KEEPCNT, TcpProbes.MOST);
  }

  static SocketName localName(int socket) throws ErrnoException {
    return name(socket, Syscall.GETSOCKNAME, "getsockname");
  }

  static SocketName peerName(int socket) throws ErrnoException {
    return name(socket, Syscall.GETPEERNAME, "getpeername");
  }

  /// Sends bytes of our own memory.
  ///
  /// @return how many, or [#WOULD_WAIT]
  static int send(MemorySegment errno, int socket, long address, int length) throws ErrnoException {
    return transfer(errno, Syscall.SENDTO, socket, address, length, NO_SIGNAL, "send");
  }

  /// Sends what is in memory of the user's.
  ///
  /// @return how many bytes, or [#WOULD_WAIT]
  /// @throws IllegalStateException if it has been freed
  static int send(MemorySegment errno, int socket, MemorySegment source) throws ErrnoException {
    return transfer(errno, Syscall.SENDTO, socket, source, NO_SIGNAL, "send");
  }

  /// Receives bytes into our own memory.
  ///
  /// @return how many, 0 at the end of the stream, or [#WOULD_WAIT]
  static int receive(MemorySegment errno, int socket, long address, int length)
      throws ErrnoException {
    return transfer(errno, Syscall.RECVFROM, socket, address, length, 0, "recv");
  }

  /// Receives into memory of the user's.
  ///
  /// @return how many bytes, 0 at the end of the stream, or [#WOULD_WAIT]
  /// @throws IllegalStateException if it has been freed
  static int receive(MemorySegment errno, int socket, MemorySegment target) throws ErrnoException {
    return transfer(errno, Syscall.RECVFROM, socket, target, 0, "recv");
  }

  /// Whether a call would not have to wait now, be it that it fails. Takes nothing away.
  static boolean isReady(int descriptor, int events) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      // struct pollfd { int fd; short events; short revents; }, then a timespec of nothing
      MemorySegment memory = arena.allocate(BYTES, 8);
      memory.set(ValueLayout.JAVA_INT, ADDRESS_AT, descriptor);
      memory.set(ValueLayout.JAVA_SHORT, ADDRESS_AT + 4, (short) events);
      long at = memory.address() + ADDRESS_AT;
      while (true) {
        long result = Syscall.call(memory, Syscall.PPOLL, at, 1, at + 16, 0, 8, 0);
        int error = result == -1 ? Syscall.errno(memory) : 0;
        if (error == 0) {
          return result != 0;
        }
        if (error != Errno.EINTR) {
          throw new ErrnoException("ppoll", error);
        }
      }
    }
  }

  /// Sends a byte, and a descriptor unless that is negative.
  ///
  /// @return false if it would have to wait
  static boolean sendDescriptor(int socket, int data, int descriptor) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment message = arena.allocate(MessageLayout.BYTES, 8);
      MessageLayout.writeToSend(message, data, descriptor);
      MemorySegment errno = arena.allocate(Syscall.ERRNO);
      long at = message.address();
      return transfer(errno, Syscall.SENDMSG, socket, at, NO_SIGNAL, 0, "sendmsg") != WOULD_WAIT;
    }
  }

  /// What came with a byte.
  ///
  /// @param data the byte, -1 at the end of the stream, or [#WOULD_WAIT]
  /// @param descriptor a descriptor that is now ours, or -1
  record Received(int data, int descriptor) {}

  static Received receiveDescriptor(int socket) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment message = arena.allocate(MessageLayout.BYTES, 8);
      MessageLayout.writeToReceive(message);
      MemorySegment errno = arena.allocate(Syscall.ERRNO);
      long at = message.address();
      int count = transfer(errno, Syscall.RECVMSG, socket, at, CMSG_CLOEXEC, 0, "recvmsg");
      if (count == WOULD_WAIT) {
        return new Received(WOULD_WAIT, -1);
      }
      return count == 0
          ? new Received(-1, -1)
          : new Received(MessageLayout.data(message), MessageLayout.descriptor(message));
    }
  }

  /// Another descriptor for the same socket, or whatever it is.
  static int duplicate(int descriptor) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(Syscall.ERRNO);
      return (int)
          checked(
              Syscall.call(errno, Syscall.FCNTL, descriptor, DUPFD_CLOEXEC, 0, 0, 0, 0),
              errno,
              "fcntl(F_DUPFD_CLOEXEC)");
    }
  }

  /// Arguments after the address: a length and flags, or flags and nothing.
  private static int transfer(
      MemorySegment errno, long call, int socket, long at, long third, long fourth, String name)
      throws ErrnoException {
    while (true) {
      long result = Syscall.call(errno, call, socket, at, third, fourth, 0, 0);
      int error = result == -1 ? Syscall.errno(errno) : 0;
      if (error != Errno.EINTR) {
        return (int) orWouldWait(result, error, name);
      }
    }
  }

  private static int transfer(
      MemorySegment errno, long call, int socket, MemorySegment memory, long flags, String name)
      throws ErrnoException {
    while (true) {
      long result = Syscall.call(errno, call, socket, memory, memory.byteSize(), flags);
      int error = result == -1 ? Syscall.errno(errno) : 0;
      if (error != Errno.EINTR) {
        return (int) orWouldWait(result, error, name);
      }
    }
  }

  private static SocketName name(int socket, long call, String text) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(BYTES, 8);
      MemorySegment address = memory.asSlice(ADDRESS_AT, SocketAddressLayout.BYTES);
      memory.set(ValueLayout.JAVA_INT, LENGTH_AT, (int) SocketAddressLayout.BYTES);
      long lengthAt = memory.address() + LENGTH_AT;
      checked(
          Syscall.call(memory, call, socket, address.address(), lengthAt, 0, 0, 0), memory, text);
      return SocketAddressLayout.read(address, memory.get(ValueLayout.JAVA_INT, LENGTH_AT));
    }
  }

  private static void set(int socket, int level, int option, int value) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(Syscall.ERRNO);
      MemorySegment memory = arena.allocateFrom(ValueLayout.JAVA_INT, value);
      checked(
          Syscall.call(errno, Syscall.SETSOCKOPT, socket, level, option, memory.address(), 4, 0),
          errno,
          String.format(Locale.ROOT, "setsockopt(%d, %d)", level, option));
    }
  }

  private static MemorySegment option(int socket, int option, int bytes) throws ErrnoException {
    MemorySegment value = MemorySegment.ofArray(new int[bytes / Integer.BYTES]);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(BYTES, 8);
      MemorySegment room = memory.asSlice(ADDRESS_AT, bytes);
      memory.set(ValueLayout.JAVA_INT, LENGTH_AT, bytes);
      long lengthAt = memory.address() + LENGTH_AT;
      checked(
          Syscall.call(
              memory, Syscall.GETSOCKOPT, socket, SOL_SOCKET, option, room.address(), lengthAt, 0),
          memory,
          "getsockopt(" + option + ")");
      return value.copyFrom(room);
    }
  }

  private static long orWouldWait(long result, int error, String call) throws ErrnoException {
    if (error == Errno.EAGAIN) {
      return WOULD_WAIT;
    }
    if (error != 0) {
      throw new ErrnoException(call, error);
    }
    return result;
  }

  private static long checked(long result, MemorySegment errno, String call) throws ErrnoException {
    if (result == -1) {
      throw new ErrnoException(call, Syscall.errno(errno));
    }
    return result;
  }
}

package io.procession.internal.posix;

/// The error numbers of Linux that we tell apart, the same on x86-64 and arm64.
public final class Errno {
  public static final int EPERM = 1;
  public static final int ENOENT = 2;
  public static final int EINTR = 4;
  public static final int EBADF = 9;
  public static final int EAGAIN = 11;
  public static final int ENOMEM = 12;
  public static final int EACCES = 13;
  public static final int EINVAL = 22;
  public static final int ENFILE = 23;
  public static final int EMFILE = 24;
  public static final int ENOSPC = 28;
  public static final int EPIPE = 32;
  public static final int ENOSYS = 38;
  public static final int EMSGSIZE = 90;
  public static final int EOPNOTSUPP = 95;
  public static final int EAFNOSUPPORT = 97;
  public static final int EADDRINUSE = 98;
  public static final int EADDRNOTAVAIL = 99;
  public static final int ENETUNREACH = 101;
  public static final int ECONNABORTED = 103;
  public static final int ECONNRESET = 104;
  public static final int ENOBUFS = 105;
  public static final int ENOTCONN = 107;
  public static final int ETIMEDOUT = 110;
  public static final int ECONNREFUSED = 111;
  public static final int EHOSTUNREACH = 113;
  public static final int EINPROGRESS = 115;

  private Errno() {}

  /// The symbol of an error number with the number, as `EAGAIN (11)`.
  public static String name(int errno) {
    String symbol =
        switch (errno) {
          case EPERM -> "EPERM";
          case ENOENT -> "ENOENT";
          case 3 -> "ESRCH";
          case EINTR -> "EINTR";
          case EBADF -> "EBADF";
          case EAGAIN -> "EAGAIN";
          case ENOMEM -> "ENOMEM";
          case EACCES -> "EACCES";
          case 14 -> "EFAULT";
          case 17 -> "EEXIST";
          case EINVAL -> "EINVAL";
          case ENFILE -> "ENFILE";
          case EMFILE -> "EMFILE";
          case ENOSPC -> "ENOSPC";
          case EPIPE -> "EPIPE";
          case ENOSYS -> "ENOSYS";
          case EMSGSIZE -> "EMSGSIZE";
          case 93 -> "EPROTONOSUPPORT";
          case EOPNOTSUPP -> "EOPNOTSUPP";
          case EAFNOSUPPORT -> "EAFNOSUPPORT";
          case EADDRINUSE -> "EADDRINUSE";
          case EADDRNOTAVAIL -> "EADDRNOTAVAIL";
          case ENETUNREACH -> "ENETUNREACH";
          case ECONNABORTED -> "ECONNABORTED";
          case ECONNRESET -> "ECONNRESET";
          case ENOBUFS -> "ENOBUFS";
          case ENOTCONN -> "ENOTCONN";
          case ETIMEDOUT -> "ETIMEDOUT";
          case ECONNREFUSED -> "ECONNREFUSED";
          case EHOSTUNREACH -> "EHOSTUNREACH";
          case EINPROGRESS -> "EINPROGRESS";
          default -> "errno";
        };
    return symbol + " (" + errno + ")";
  }
}

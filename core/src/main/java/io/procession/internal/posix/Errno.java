package io.procession.internal.posix;

/// The error numbers of Linux that we tell apart, the same on x86-64 and arm64.
public final class Errno {
  public static final int EPERM = 1;
  public static final int EINTR = 4;
  public static final int EAGAIN = 11;
  public static final int ENOSPC = 28;
  public static final int ENOSYS = 38;
  public static final int EOPNOTSUPP = 95;
  public static final int ETIMEDOUT = 110;

  private Errno() {}

  /// The symbol of an error number with the number, as `EAGAIN (11)`.
  public static String name(int errno) {
    String symbol =
        switch (errno) {
          case EPERM -> "EPERM";
          case 2 -> "ENOENT";
          case 3 -> "ESRCH";
          case EINTR -> "EINTR";
          case 9 -> "EBADF";
          case EAGAIN -> "EAGAIN";
          case 12 -> "ENOMEM";
          case 13 -> "EACCES";
          case 14 -> "EFAULT";
          case 22 -> "EINVAL";
          case 23 -> "ENFILE";
          case 24 -> "EMFILE";
          case ENOSPC -> "ENOSPC";
          case ENOSYS -> "ENOSYS";
          case EOPNOTSUPP -> "EOPNOTSUPP";
          case ETIMEDOUT -> "ETIMEDOUT";
          default -> "errno";
        };
    return symbol + " (" + errno + ")";
  }
}

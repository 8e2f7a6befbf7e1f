package io.procession.internal.posix;

import java.io.IOException;

/// A system call that failed: the call as it was made, and the error number.
public final class ErrnoException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int errno;

  public ErrnoException(String call, int errno) {
    super(call + " failed: " + Errno.name(errno));
    this.errno = errno;
  }

  /// The error number, one of [Errno] or another of the kernel's.
  public int errno() {
    return errno;
  }
}

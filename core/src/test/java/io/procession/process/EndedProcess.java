package io.procession.process;

import java.io.InputStream;
import java.io.OutputStream;

/// A process that has ended, and has neither taken nor given anything.
abstract class EndedProcess extends Process {
  private final int code;

  EndedProcess(int code) {
    this.code = code;
  }

  @Override
  public OutputStream getOutputStream() {
    return OutputStream.nullOutputStream();
  }

  @Override
  public InputStream getInputStream() {
    return InputStream.nullInputStream();
  }

  @Override
  public InputStream getErrorStream() {
    return InputStream.nullInputStream();
  }

  @Override
  public int waitFor() {
    return code;
  }

  @Override
  public int exitValue() {
    return code;
  }

  @Override
  public long pid() {
    return 1;
  }

  @Override
  public void destroy() {}
}

package io.procession.connection;

/// What streams of tests have in common: they are nobody's, and know whether they were closed.
abstract class TestStream implements ByteStream {
  private volatile boolean isClosed;

  @Override
  public boolean isOfThisUser() {
    return false;
  }

  @Override
  public final boolean isClosed() {
    return isClosed;
  }

  @Override
  public void close() {
    isClosed = true;
  }
}

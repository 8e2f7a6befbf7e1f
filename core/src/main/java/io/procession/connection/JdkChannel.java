package io.procession.connection;

import io.procession.internal.watch.Source;
import io.procession.internal.watch.Sources;
import java.nio.channels.SelectableChannel;

/// A channel of the JDK that a user waits for.
final class JdkChannel implements Waitable, Source.OfChannel {
  static {
    Sources.register(JdkChannel.class, channel -> channel);
  }

  private final SelectableChannel channel;
  private final int operations;

  JdkChannel(SelectableChannel channel, int operations) {
    this.channel = channel;
    this.operations = operations;
  }

  @Override
  public boolean isReady() {
    return false; // nobody has read ahead
  }

  @Override
  public SelectableChannel channel() {
    return channel;
  }

  @Override
  public int operations() {
    return operations;
  }

  @Override
  public String toString() {
    return channel.toString();
  }
}

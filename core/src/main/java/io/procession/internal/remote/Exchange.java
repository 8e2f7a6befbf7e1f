package io.procession.internal.remote;

import io.procession.process.RemoteCallException;
import io.procession.serial.NotSendableException;
import java.io.IOException;
import java.io.ObjectStreamException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One request and its reply.
///
/// Who is interrupted while it waits for a method that waits has that method interrupted at the server,
/// and takes its word for what has happened: an element that a queue gave up at the same moment is not
/// lost. Any other call is waited for; the interrupt stays for later.
final class Exchange {
  private final ServerLink link;
  private final boolean isInterruptible;
  private final long deadline;
  private boolean wasInterrupted;

  /// @param deadline as those of [io.procession.internal.posix.Until]
  Exchange(ServerLink link, boolean isInterruptible, long deadline) {
    this.link = link;
    this.isInterruptible = isInterruptible;
    this.deadline = deadline;
  }

  /// Sends the request and waits for the reply.
  ///
  /// @throws NotSendableException if it cannot be sent; nothing has happened then
  /// @throws InterruptedException if interrupted before it was sent, or at the server
  @Nullable Object[] of(Request request) throws InterruptedException {
    return of(
        request,
        part -> {
          throw new RemoteCallException("no part of a batch was asked for: " + part[0], null);
        });
  }

  /// The same for a batch.
  ///
  /// @param part takes what comes before the last reply
  @Nullable Object[] of(Request request, Consumer<@Nullable Object[]> part)
      throws InterruptedException {
    CallLine line = null;
    boolean isUsable = false;
    try {
      line = sent(request.message());
      @Nullable Object[] reply = reply(line);
      while (Wire.REPLIES.equals(reply[0])) {
        part.accept(reply);
        reply = reply(line);
      }
      if (Wire.REFUSED.equals(reply[0])) {
        link.lines().discard(line);
        line = null;
        throw new RemoteCallException(
            request.method() + " of " + link.ref() + " was refused: " + reply[1], null);
      }
      isUsable = true;
      if (wasInterrupted
          && isInterruptible
          && Wire.ERROR.equals(reply[0])
          && reply[1] instanceof InterruptedException) {
        wasInterrupted = false; // it is told by the exception
      }
      return reply;
    } catch (NotSendableException e) {
      throw request.explained(e);
    } catch (ObjectStreamException e) { // the line is at the end of that message
      isUsable = line != null;
      throw new RemoteCallException(
          "the reply cannot be read here: server=" + link.ref() + ", " + e.getMessage(), e);
    } catch (IOException e) {
      throw link.lines().lost(e);
    } finally {
      if (line != null) {
        if (isUsable) {
          link.lines().giveBack(line);
        } else {
          abandon(line);
        }
      }
      if (wasInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void abandon(CallLine line) {
    try {
      link.lines().say(Wire.CANCEL, line.number(), line.call());
    } finally {
      link.lines().discard(line);
    }
  }

  private CallLine sent(@Nullable Object[] request) throws IOException, InterruptedException {
    while (true) {
      CallLine line = null;
      boolean isSent = false;
      boolean isWhole = false;
      try {
        line = link.lines().take();
        CallLine used = line;
        ServerLink.talking(
            link,
            () -> {
              used.send(request);
              return null;
            });
        isSent = true;
        return line;
      } catch (NotSendableException e) {
        isWhole = true;
        throw e;
      } catch (InterruptedException e) {
        if (isInterruptible) {
          throw e;
        }
        wasInterrupted = true; // and again: it was not sent
      } finally {
        if (line != null && !isSent) {
          if (isWhole) {
            link.lines().giveBack(line);
          } else {
            link.lines().discard(line);
          }
        }
      }
    }
  }

  private @Nullable Object[] reply(CallLine line) throws IOException, InterruptedException {
    while (true) {
      try {
        @Nullable Object[] reply = ServerLink.talking(link, () -> line.reply(deadline));
        if (reply == null) {
          throw new RemoteCallException(
              "the object does not answer in time: server=" + link.ref(), null);
        }
        return reply;
      } catch (InterruptedException e) {
        if (isInterruptible) {
          link.lines().say(Wire.CANCEL, line.number(), line.call());
        }
        wasInterrupted = true;
      }
    }
  }
}

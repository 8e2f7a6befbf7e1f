package io.procession.internal.loan;

import io.procession.internal.arena.Claim;
import io.procession.internal.posix.Descriptor;
import io.procession.internal.posix.NativeStream;
import io.procession.internal.posix.Platform;
import io.procession.internal.posix.SocketName;
import io.procession.internal.posix.Sockets;
import io.procession.internal.posix.Until;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectStreamException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;

/// A descriptor of this process that was sent to others, and is kept for them until they have fetched
/// it.
public final class Loan {
  /*
   * A message carries bytes, not descriptors. So the sender keeps a duplicate and hands it over at a
   * Unix domain socket without a file (LoanDesk), with SCM_RIGHTS; the message says where.
   *
   * How long it is kept is told by a claim, which the message carries and who fetches has meanwhile. The
   * library knows when a claim is nowhere any more, in no process, no message that
   * somebody can still receive, no child that is about to start. Then nobody can come to fetch, and the
   * duplicate is closed. So what is never received is not kept for ever, and nobody has to answer. As
   * long as the original is open here it can be sent again, so the claim is kept, too.
   *
   * A sender that dies takes its duplicates with it: who fetches after that is told so.
   */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final int LENGTH_BYTES = Short.BYTES;

  /// What was fetched.
  public static final class Fetched {
    private final Descriptor descriptor;
    private final byte[] secret;

    private Fetched(Descriptor descriptor, byte[] secret) {
      this.descriptor = descriptor;
      this.secret = secret;
    }

    /// The descriptor, of which the caller takes charge.
    public Descriptor descriptor() {
      return descriptor;
    }

    /// What had to go a private way, perhaps nothing. It is the caller's.
    public byte[] secret() {
      return secret;
    }
  }

  private final long number;
  private final Descriptor duplicate;
  private final byte[] secret;
  private final Claim claim;

  private Loan(long number, Descriptor duplicate, byte[] secret, Claim claim) {
    this.number = number;
    this.duplicate = duplicate;
    this.secret = secret;
    this.claim = claim;
  }

  /// Makes a descriptor ready to be sent.
  ///
  /// @param what for messages
  /// @param secret what goes with it, but not in the message; may be empty
  /// @throws ObjectStreamException if it cannot be sent
  static Loan of(Descriptor original, byte[] secret, Claim.Factory claims, Object what)
      throws ObjectStreamException {
    try {
      Descriptor duplicate = original.duplicate();
      Loan loan = null;
      try {
        loan = new Loan(LoanDesk.nextNumber(), duplicate, secret, claims.create());
        LoanDesk.add(loan);
      } finally {
        if (loan == null) {
          duplicate.close();
        }
      }
      return loan;
    } catch (IOException | IllegalStateException e) {
      NotSerializableException refused =
          new NotSerializableException("no descriptor can be kept for " + what + ": " + e);
      refused.initCause(e);
      throw refused;
    }
  }

  /// Says why nothing of the kind can be sent, on the stand-in.
  public static void checkPlatform(Object what) throws ObjectStreamException {
    if (Platform.current() == Platform.PORTABLE) {
      throw new NotSerializableException(
          "descriptors can be sent to another process by native calls only: "
              + what
              + "; leave -Dprocession.platform=portable out, or open another there");
    }
  }

  /// What is sent.
  public Object handle(Lendable content) {
    return new LoanHandle(
        claim, LoanDesk.name(), HexFormat.of().formatHex(LoanDesk.secret()), number, content);
  }

  long number() {
    return number;
  }

  /// Says that the original is closed here: it is not sent again. What was sent can still be fetched.
  void end() {
    claim.close();
    LoanDesk.ended(this);
  }

  /// True once nobody can come to fetch it any more.
  boolean isOver() {
    return claim.isAbandoned();
  }

  /// Gives it up.
  void close() {
    duplicate.close();
    claim.end();
  }

  /// Hands it over.
  void handTo(NativeStream taker, long deadline) throws IOException, InterruptedException {
    taker.sendDescriptor(LoanDesk.HERE, duplicate, deadline);
    ByteBuffer bytes = ByteBuffer.allocate(LENGTH_BYTES + secret.length);
    taker.write(bytes.putShort((short) secret.length).put(secret).flip(), deadline);
  }

  /// Fetches from another process what a handle names.
  static Fetched fetch(LoanHandle handle) throws IOException, InterruptedException {
    long deadline = Until.after(PATIENCE_NANOS);
    SocketName name = new SocketName.Local(handle.server());
    NativeStream giver;
    try {
      giver = (NativeStream) Sockets.current().connect(name, deadline);
    } catch (SocketTimeoutException e) {
      throw new IOException("its sender does not answer: it may be stopped", e);
    } catch (IOException e) {
      throw new IOException(
          "its sender has ended before it arrived; let the sender live until then", e);
    }
    try {
      return fetch(giver, handle, deadline);
    } finally {
      giver.close();
    }
  }

  private static Fetched fetch(NativeStream giver, LoanHandle handle, long deadline)
      throws IOException, InterruptedException {
    if (!giver.isOfThisUser()) {
      throw new IOException("another user answers in its sender's place");
    }
    ByteBuffer request = ByteBuffer.allocate(LoanDesk.REQUEST_BYTES);
    request.put(HexFormat.of().parseHex(handle.secret())).putLong(handle.number()).flip();
    giver.write(request, deadline);
    NativeStream.Passed passed = giver.receiveDescriptor(deadline);
    Descriptor descriptor = passed.descriptor();
    if (descriptor == null) {
      throw new IOException(
          passed.data() == LoanDesk.GONE
              ? "its sender has given it up"
              : "its sender has ended before it arrived; let the sender live until then");
    }
    boolean done = false;
    try {
      ByteBuffer length = read(giver, LENGTH_BYTES, deadline);
      byte[] secret = read(giver, Short.toUnsignedInt(length.getShort()), deadline).array();
      done = true;
      return new Fetched(descriptor, secret);
    } finally {
      if (!done) {
        descriptor.close();
      }
    }
  }

  /// Reads so many bytes.
  static ByteBuffer read(NativeStream stream, int length, long deadline)
      throws IOException, InterruptedException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (stream.read(bytes, deadline) <= 0) {
        throw new IOException("the other process has ended, or does not go on: " + stream);
      }
    }
    return bytes.flip();
  }
}

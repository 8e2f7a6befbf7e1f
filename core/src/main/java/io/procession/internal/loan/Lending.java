package io.procession.internal.loan;

import io.procession.internal.arena.Claim;
import io.procession.internal.posix.Descriptor;
import java.io.NotSerializableException;
import java.io.ObjectStreamException;
import org.jspecify.annotations.Nullable;

/// The loan of one socket of this process, once it was sent: one for all to whom it is.
public final class Lending {
  private final Claim.Factory claims;
  private @Nullable Loan loan; // guarded by this
  private boolean isEnded; // guarded by this

  public Lending(Claim.Factory claims) {
    this.claims = claims;
  }

  /// The loan, made at the first call.
  ///
  /// @param secret what goes with it, but not in a message
  /// @param what for messages
  public synchronized Loan loan(Descriptor original, byte[] secret, Object what)
      throws ObjectStreamException {
    if (isEnded) {
      throw new NotSerializableException("what is closed cannot be sent: " + what);
    }
    Loan made = loan;
    if (made == null) {
      made = Loan.of(original, secret, claims, what);
      loan = made;
    }
    return made;
  }

  /// Called when the socket is closed here.
  public synchronized void end() {
    if (!isEnded && loan != null) {
      loan.end();
    }
    isEnded = true;
  }
}

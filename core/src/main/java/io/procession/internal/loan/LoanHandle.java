package io.procession.internal.loan;

import io.procession.internal.arena.Claim;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectStreamException;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/// What is sent in place of something that has a descriptor: where to fetch it. See [Loan].
///
/// @param claim as long as anybody has it, in a process or in a message that nobody has received, the
///     descriptor is kept
/// @param server the abstract name of the socket at which the sender hands it over
/// @param secret shown there, in hexadecimal digits
/// @param number which descriptor
/// @param content what the descriptor is of
record LoanHandle(Claim claim, String server, String secret, long number, Lendable content)
    implements Serializable {

  private Object readResolve() throws ObjectStreamException {
    try {
      return content.open(Loan.fetch(this));
    } catch (IOException e) {
      throw invalid(e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw invalid("interrupted while fetching it", e);
    } finally {
      claim.close();
    }
  }

  private InvalidObjectException invalid(@Nullable String why, Exception cause) {
    return new InvalidObjectException(content + " cannot be attached: " + why, cause);
  }

  /// Without the secret.
  @Override
  public String toString() {
    return content + " of " + server;
  }
}

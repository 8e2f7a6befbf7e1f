package io.procession.internal.loan;

import java.io.IOException;
import java.io.Serializable;

/// What a descriptor that goes to another process is of, as the message tells it.
public interface Lendable extends Serializable {
  /// Makes the object of what was fetched, and takes charge of the descriptor; closes it if that
  /// fails.
  Object open(Loan.Fetched fetched) throws IOException;

  /// For messages, such as `listener at localhost:1234`.
  @Override
  String toString();
}

package io.procession.process;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The futures of a process's end, completed in the order in which they were asked for: a pool asks as it
/// starts its worker, and so is told before a callback of the user's, which may take long.
///
/// Each is somebody's own, who may complete or cancel it. Safe for all threads.
final class ExitFutures {
  private List<CompletableFuture<DeathCertificate>> waiting = new ArrayList<>(); // guarded by this
  private @Nullable DeathCertificate known; // guarded by this

  /// One more.
  CompletableFuture<DeathCertificate> next() {
    synchronized (this) {
      if (known == null) {
        CompletableFuture<DeathCertificate> future = new CompletableFuture<>();
        waiting.add(future);
        return future;
      }
      return CompletableFuture.completedFuture(known);
    }
  }

  /// The process has ended. Takes no memory: there may be none, and these are waited for.
  void tell(DeathCertificate certificate) {
    List<CompletableFuture<DeathCertificate>> told;
    synchronized (this) {
      known = certificate;
      told = waiting;
      waiting = List.of(); // nothing comes to it any more
    }
    for (int i = 0; i < told.size(); i++) {
      told.get(i).complete(certificate);
    }
  }
}

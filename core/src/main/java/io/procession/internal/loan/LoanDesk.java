package io.procession.internal.loan;

import io.procession.internal.log.LibraryLogger;
import io.procession.internal.posix.KernelRandom;
import io.procession.internal.posix.ListeningSocket;
import io.procession.internal.posix.NativeStream;
import io.procession.internal.posix.SocketName;
import io.procession.internal.posix.Sockets;
import io.procession.internal.posix.Until;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Where other processes fetch what this one has lent: a Unix domain socket without a file, so that a
/// killed process leaves none. It is open as long as anything is lent, and has another name when it is
/// opened again: the system may have kept the old one for a moment.
///
/// ```
/// request   0 secret (16 bytes)   16 number (8 bytes, big-endian)
/// answer    0 HERE, with a descriptor   1 length (2 bytes, big-endian)   3 bytes of the loan's secret
///           0 GONE
/// ```
///
/// It serves processes of this user only, as the system vouches, that know its secret.
final class LoanDesk {
  static final int HERE = 1;
  static final int GONE = 2;
  static final int REQUEST_BYTES = 24;

  private static final int SECRET_BYTES = 16;
  private static final int BACKLOG = 128;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final System.Logger LOG = LibraryLogger.of("io.procession.connection");

  /* Made at the first use: most processes lend nothing. */
  private static final byte[] SECRET = KernelRandom.bytes(SECRET_BYTES);
  private static final String PREFIX =
      "\0procession-" + HexFormat.of().formatHex(KernelRandom.bytes(SECRET_BYTES)) + "-";

  private static final Object LOCK = new Object();
  private static final Map<Long, Loan> LENT = new LinkedHashMap<>(); // guarded by LOCK
  private static final List<Loan> ENDED = new ArrayList<>(); // guarded by LOCK
  private static @Nullable ListeningSocket socket; // guarded by LOCK
  private static long openings; // guarded by LOCK
  private static boolean watching; // guarded by LOCK
  private static long numbers; // guarded by LOCK

  private LoanDesk() {}

  /// The name of the socket as long as anything is lent.
  static String name() {
    synchronized (LOCK) {
      return PREFIX + openings;
    }
  }

  /// Where what is lent can be fetched; null if nothing is.
  static @Nullable ListeningSocket socket() {
    synchronized (LOCK) {
      return socket;
    }
  }

  static byte[] secret() {
    return SECRET;
  }

  static long nextNumber() {
    synchronized (LOCK) {
      numbers++;
      return numbers;
    }
  }

  /// Lends something.
  static void add(Loan loan) throws IOException {
    synchronized (LOCK) {
      if (socket == null) {
        openings++;
        ListeningSocket opened = Sockets.current().listen(new SocketName.Local(name()), BACKLOG);
        socket = opened;
        Thread.ofVirtual().name("procession-loans").start(() -> serve(opened));
      }
      LENT.put(loan.number(), loan);
    }
  }

  /// Has a loan given up as soon as nobody can come to fetch it any more.
  static void ended(Loan loan) {
    synchronized (LOCK) {
      ENDED.add(loan);
      if (!watching) {
        try {
          Thread.ofPlatform().daemon().name("procession-loans").start(LoanDesk::watch);
          watching = true;
        } catch (OutOfMemoryError e) {
          // no thread can be had now: it is kept until the next loan ends
        }
      }
    }
  }

  private static void watch() {
    while (true) {
      List<Loan> over = new ArrayList<>();
      synchronized (LOCK) {
        ENDED.removeIf(loan -> loan.isOver() && over.add(loan));
        over.forEach(loan -> LENT.remove(loan.number()));
        closeIfUnused();
        watching = !ENDED.isEmpty();
        if (!watching) {
          over.forEach(Loan::close);
          return;
        }
      }
      over.forEach(Loan::close);
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
    }
  }

  private static void closeIfUnused() {
    ListeningSocket open = socket;
    if (open != null && LENT.isEmpty()) {
      socket = null;
      open.close();
    }
  }

  private static void serve(ListeningSocket open) {
    while (!open.isClosed()) {
      try {
        if (open.accept(Until.FOREVER) instanceof NativeStream taker) {
          Thread.ofVirtual().name("procession-loan").start(() -> serve(taker));
        }
      } catch (ClosedChannelException e) {
        return; // nothing is lent any more
      } catch (IOException | InterruptedException | OutOfMemoryError e) {
        LOG.log(System.Logger.Level.WARNING, "a socket that was sent cannot be fetched now", e);
        LockSupport.parkNanos(LOOK_EVERY_NANOS); // no descriptor is left, say: takers have patience
      }
    }
  }

  private static void serve(NativeStream taker) {
    try {
      long deadline = Until.after(PATIENCE_NANOS);
      if (taker.isOfThisUser()) {
        ByteBuffer request = Loan.read(taker, REQUEST_BYTES, deadline);
        byte[] shown = new byte[SECRET_BYTES];
        request.get(shown);
        if (MessageDigest.isEqual(shown, SECRET)) {
          answer(taker, request.getLong(), deadline);
        }
      }
    } catch (IOException | InterruptedException e) {
      LOG.log(System.Logger.Level.DEBUG, "a socket that was sent could not be handed over", e);
    } finally {
      taker.close();
    }
  }

  private static void answer(NativeStream taker, long number, long deadline)
      throws IOException, InterruptedException {
    Loan loan;
    synchronized (LOCK) {
      loan = LENT.get(number);
    }
    if (loan == null) {
      taker.write(ByteBuffer.wrap(new byte[] {GONE}), deadline);
    } else {
      loan.handTo(taker, deadline);
    }
  }
}

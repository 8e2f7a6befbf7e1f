package io.procession.architecture.broken.sync;

import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/// A breach of each fence, by a class of its own.
public final class Breaches {
  private Breaches() {}

  /// Links a native function.
  public static final class Links {
    Linker.Option option() {
      return Linker.Option.firstVariadicArg(1);
    }
  }

  /// Looks up a native function.
  public static final class LooksUp {
    SymbolLookup lookup() {
      return SymbolLookup.loaderLookup();
    }
  }

  /// Overrides a segment's bounds.
  public static final class Reinterprets {
    @SuppressWarnings("restricted") // the breach
    MemorySegment wider(MemorySegment segment) {
      return segment.reinterpret(64);
    }
  }

  /// The same by a method reference.
  public static final class ReinterpretsByReference {
    @SuppressWarnings("restricted") // the breach
    LongFunction<MemorySegment> wider(MemorySegment segment) {
      return segment::reinterpret;
    }
  }

  /// Reads objects.
  public static final class ReadsObjects {
    Object read(InputStream in) throws IOException, ClassNotFoundException {
      return new ObjectInputStream(in).readObject();
    }
  }

  /// Prints.
  public static final class Prints {
    void print() {
      System.out.println();
    }
  }

  /// Prints errors, from a lambda.
  public static final class PrintsErrors {
    Runnable print() {
      return () -> System.err.println();
    }
  }

  /// Prints a stack trace.
  public static final class PrintsStackTraces {
    void print(RuntimeException e) {
      e.printStackTrace();
    }
  }

  /// Logs past `logToStderr`.
  public static final class LogsByThePlatform {
    System.Logger logger() {
      return System.getLogger("io.procession.sync");
    }
  }

  /// Finds a class loader on its thread.
  public static final class UsesContextClassLoader {
    ClassLoader loader() {
      return Thread.currentThread().getContextClassLoader();
    }
  }

  /// Makes a pool whose threads have no name of ours.
  public static final class OpensUnnamedPool {
    ExecutorService open() {
      return Executors.newCachedThreadPool();
    }
  }

  /// The same by a method reference.
  public static final class OpensUnnamedPoolByReference {
    Supplier<ExecutorService> open() {
      return Executors::newVirtualThreadPerTaskExecutor;
    }
  }

  /// Breaks nothing.
  public static final class Keeps {
    ExecutorService open() {
      return Executors.newCachedThreadPool(Thread.ofPlatform().name("procession-", 0).factory());
    }
  }
}

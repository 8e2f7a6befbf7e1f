package io.procession.architecture.broken.sync;

import io.procession.architecture.broken.internal.posix.Inside;
import io.procession.architecture.broken.internal.posix.InsideException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Every place where a signature can name an internal type, each in a class of its own.
public final class Leaks {
  private Leaks() {}

  /// In a parameter.
  public static final class InParameter {
    /// Names one.
    public void take(Inside inside) {}
  }

  /// In a return type's argument.
  public static final class InReturnType {
    /// Names one.
    public List<Inside> give() {
      return List.of();
    }
  }

  /// In what is thrown.
  public static final class InThrows {
    /// Names one.
    public void fail() throws InsideException {}
  }

  /// In a supertype.
  public static final class InSupertype implements Inside {}

  /// In a field.
  public static final class InField {
    /// Names one.
    public @Nullable Inside inside;
  }

  /// In a bound.
  @SuppressWarnings("UnusedTypeParameter") // the leak
  public static final class InBound<T extends Inside> {}

  /// In a member for subclasses.
  public abstract static class InProtected {
    /// Names one.
    protected abstract Inside[] give();
  }

  /// Nowhere that users see.
  public static final class Nowhere {
    private @Nullable Inside inside;

    void take(Inside taken) {
      inside = taken;
    }

    @Nullable Inside give() {
      return inside;
    }
  }
}

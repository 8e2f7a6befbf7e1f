package io.procession.sync;

/// How a [SharedLock] or [SharedReentrantLock] is made.
///
/// Default: after the death of a process that held it the lock goes to the next that asks.
///
/// A release may add components: make them by `defaults()` and its methods, not by the constructor.
///
/// @param failOnOwnerDeath after such a death it refuses everybody with [OwnerDiedException] instead,
///     until what it protects has been recovered
public record LockOptions(boolean failOnOwnerDeath) {
  private static final LockOptions DEFAULTS = new LockOptions(false);

  /// The default options.
  ///
  /// @return those of a lock that goes to the next
  public static LockOptions defaults() {
    return DEFAULTS;
  }

  /// Sets whether the lock refuses everybody after the death of an owner, until it is recovered.
  ///
  /// @param fails whether it does
  /// @return options with that
  public LockOptions withFailOnOwnerDeath(boolean fails) {
    return new LockOptions(fails);
  }
}

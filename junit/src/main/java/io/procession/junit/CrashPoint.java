package io.procession.junit;

/// A place in a program where a test lets its process die, stop or fail.
///
/// The points of a program are an enum of its own:
/// ```java
/// enum LedgerPoint implements CrashPoint { BOOKED, WRITTEN }
///
/// void transfer(Account from, Account to, long amount) {
///   from.book(-amount);
///   LedgerPoint.BOOKED.reach();
///   to.book(amount);
/// }
/// ```
/// A test arms one of them in a process that it starts, by the system property [#PROPERTY], and looks at what
/// the others make of that death:
/// ```java
/// @ParameterizedTest
/// @EnumSource
/// void noMoneyIsLost(LedgerPoint point) throws Exception {
///   LaunchOptions doomed =
///       LaunchOptions.defaults().withSystemProperty(CrashPoint.PROPERTY, point.kill());
///   ...
/// }
/// ```
/// Where the property is not set, a point costs nothing once it is compiled. A JVM has at most one armed point.
/// Points can be reached by many threads at once.
public interface CrashPoint {
  /// The system property that arms a point: what [#kill], [#stop] or [#fail] has returned.
  String PROPERTY = "procession.junit.crash";

  /// The point's name: that of the enum's constant.
  ///
  /// @return the name
  String name();

  /// Says that the program is here: ends or stops this process, or throws, if this point is armed.
  ///
  /// @throws InjectedFault if a test has asked for it by [#fail]
  default void reach() {
    if (Fault.IS_ARMED) {
      Fault.ARMED.reached(this);
    }
  }

  /// The setting with which a process that comes here for the first time is killed: by SIGKILL, so that nothing
  /// of it runs any more, neither `finally` nor a hook.
  ///
  /// @return the value for [#PROPERTY]
  default String kill() {
    return kill(1);
  }

  /// As [#kill()], when it comes here for the `visit`-th time.
  ///
  /// @param visit which time, from 1
  /// @return the value for [#PROPERTY]
  /// @throws IllegalArgumentException if `visit` is not positive
  default String kill(int visit) {
    return Fault.setting(this, Fault.Way.KILL, visit);
  }

  /// The setting with which a process that comes here for the `visit`-th time is stopped by SIGSTOP: it stays
  /// as it is, with all that it holds, until the test sends it SIGCONT or SIGKILL.
  ///
  /// @param visit which time, from 1
  /// @return the value for [#PROPERTY]
  /// @throws IllegalArgumentException if `visit` is not positive
  default String stop(int visit) {
    return Fault.setting(this, Fault.Way.STOP, visit);
  }

  /// The setting with which [#reach] throws [InjectedFault] when a process comes here for the `visit`-th time.
  ///
  /// @param visit which time, from 1
  /// @return the value for [#PROPERTY]
  /// @throws IllegalArgumentException if `visit` is not positive
  default String fail(int visit) {
    return Fault.setting(this, Fault.Way.FAIL, visit);
  }
}

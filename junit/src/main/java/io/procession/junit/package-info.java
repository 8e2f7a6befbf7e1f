/// For tests of programs that consist of many processes.
///
/// [LeakCheck] fails a test class that leaves a process, a file, a descriptor or a thread behind.
/// [HangWatch] shows where every JVM stands when a test exceeds its time limit, and ends the hang. Both are
/// extensions of JUnit; with `junit.jupiter.extensions.autodetection.enabled=true` in
/// `junit-platform.properties` they watch every test class, and `@ExtendWith` applies them to one.
///
/// [CrashPoint] names places in a program where a process dies, stops or fails when a test asks for it.
///
/// | configuration parameter | default | meaning |
/// |---|---|---|
/// | `procession.junit.leak.patience` | `PT2S` | how long what a class leaves may take to go, an ISO-8601 duration |
/// | `procession.junit.leak.ignore` | none | a regular expression; what it matches as a whole, as the message shows it, may stay |
/// | `procession.junit.hang.patience` | `PT20S` | how long a test may take to end once it has been interrupted, an ISO-8601 duration |
@NullMarked
package io.procession.junit;

import org.jspecify.annotations.NullMarked;

/// Processes: other JVMs with the ease of threads. Floor 5.
///
/// [JvmProcess][io.procession.process.JvmProcess] starts a task in a JVM of its own;
/// [LaunchOptions][io.procession.process.LaunchOptions] say how that JVM is to be;
/// [DeathCertificate][io.procession.process.DeathCertificate] says how it ended.
@NullMarked
package io.procession.process;

import org.jspecify.annotations.NullMarked;

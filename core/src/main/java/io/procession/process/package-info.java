/// Processes: other JVMs with the ease of threads. Floor 5.
///
/// [JvmProcess][io.procession.process.JvmProcess] starts a task in a JVM of its own;
/// [LaunchOptions][io.procession.process.LaunchOptions] say how that JVM is to be;
/// [DeathCertificate][io.procession.process.DeathCertificate] says how it ended.
///
/// Inside:
///
/// | question | classes |
/// |---|---|
/// | What is a process, for who has one? | `Kin`: `Offspring`, `Self`, `Parent`; `CurrentProcess`, `OwnRun` |
/// | How is it started? | `Start`, `LaunchPlan`, `LaunchCommand`, `CarriedFlags`, `MemoryShare`, `ArgumentFile`, `JavaCommand`, `Executable`, `Shell`, `Spawn`, `Launched` |
/// | What if it is started ahead? | `Spares`, `SpareKind`, `SpareKey`, `Spare`, `SpareOrder`, `SpareRecord`, `WarmUp` |
/// | What if it is a thread? | `ThreadProcess`, `ThreadRun`, `ThreadEnd`, `ThreadStop`, `LocalThreads` |
/// | What does it begin with? | `ChildMain`, `LaunchRecord`, `ParentWatch`, `Requests`, `StaticInitialisers` |
/// | Whence has it its classes so quickly? | `AotCache`, `AotTraining`, `TrainingTask`, `CacheFolder`, `FrontJar`, `SecondStart` |
/// | What becomes of its output and its log? | `OutputReader`, `LineCutter`, `ErrorTee`, `Logs` |
/// | How does it stop? | `Stopping`, `Told`, `SentSignals`, `StillWaiting` |
/// | How did it end, and why? | `Child`, `Reaper`, `OrphanReaper`, `Autopsy`, `Evidence`, `CrashReport`, `MemoryKills`, `Traces`, `FailureReport` |
///
/// @serial exclude
@NullMarked
package io.procession.process;

import org.jspecify.annotations.NullMarked;

/// Pools of worker processes. Floor 6.
///
/// [ProcessPool][io.procession.pool.ProcessPool] runs tasks in JVMs of its own;
/// [PoolOptions][io.procession.pool.PoolOptions] say how many and what kind;
/// [AsyncResult][io.procession.pool.AsyncResult] is the future of one task. What it has in common with a
/// pool of a manager is [TaskPool][io.procession.pool.TaskPool].
///
/// Inside:
///
/// | question | classes |
/// |---|---|
/// | How does a call get to a worker? | `Calls`, `CallJob` and its kin, `Dispatcher`, `Supply`, `Cancellations`, `Desk`, `Courier`, `TaskLayout` |
/// | How does its result get back? | `ResultHeader`, `ResultReader`, `Inbox`, `Answer`, `Deliveries`, `Handover`, `Callbacks`, `CallbackLane` |
/// | Which workers are there? | `Crew`, `Seats`, `Seat`, `Succession`, `Link`, `Wires`, `Board`, `StartGate`, `VainStarts`, `PoolLimits` |
/// | How does it end? | `Ending`, `Leave`, `Forfeits`, `ProcessEnd` |
/// | What if a worker dies? | `Death`, `Deaths`, `Assignments` |
/// | Who sees to deadlines, cancelled tasks and memory? | `Terms`, `Overseer`, `Rounds`, `Alarm`, `Sight`, `Doom`, `MemoryWatch`, `ResidentMemory` |
/// | How is a map cut and joined? | `Maps`, `MapCall`, `Inputs`, `ChunkFlow`, `ChunkJob`, `ChunkResults`, `Chunking`, `Pace`, `Paces`, `Gathering` |
/// | What runs in the worker? | `WorkerTask`, `WorkerLoop`, `Turn`, `ChunkRun`, `OrderDesk`, `ProgressReports`, `YoungWait`, `Contexts` |
/// | How does an actor live? | `Actors`, `ActorCalls`, `ActorHost`, `Lives` |
/// | Who hears what happens? | `Journal`, `Events`, `Flights`, `Latencies`, `PoolBean`, `CrewReport`, `DeskSurvey`, `Questions`, `Stacks`, `Reproducers` |
///
/// @serial exclude
@NullMarked
package io.procession.pool;

import org.jspecify.annotations.NullMarked;

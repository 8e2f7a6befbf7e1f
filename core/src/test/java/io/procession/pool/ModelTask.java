package io.procession.pool;

import java.util.ArrayList;
import java.util.List;

/// A task as the reference model sees it.
final class ModelTask {
  final ChunkJob job;
  int executions;
  int deaths;
  boolean answerSent;
  boolean refused;

  /// A worker was killed for it: it ran too long.
  boolean isOverrun;

  /// It was answered that there was no memory for it, and that was received in a worker that was not the largest.
  boolean grewByAnswer;

  boolean isOver;
  boolean answerLost;
  int executionsAtCancel = -1;
  final List<Answer> answers = new ArrayList<>();

  ModelTask(ChunkJob job) {
    this.job = job;
  }
}

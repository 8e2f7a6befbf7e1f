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
  boolean isOver;
  boolean answerLost;
  int executionsAtCancel = -1;
  final List<Answer> answers = new ArrayList<>();

  ModelTask(ChunkJob job) {
    this.job = job;
  }
}

package io.procession.pool;

import java.util.ArrayList;
import java.util.List;

/// What must hold in a pool, whatever happens in whatever order.
final class ModelRules {
  private final PoolModel model;
  private final int retries;
  private final List<ModelTask> tasks;
  private final List<ModelWorker> workers;

  ModelRules(PoolModel model, int retries, List<ModelTask> tasks, List<ModelWorker> workers) {
    this.model = model;
    this.retries = retries;
    this.tasks = tasks;
    this.workers = workers;
  }

  /// What holds when nobody is at a ring.
  ///
  /// @param isLargerWanted whether a larger worker was asked for, and has not come
  /// @param isSomeAside whether somebody is about to go to a ring, and keeps others from it
  void check(boolean isLargerWanted, boolean isSomeAside) {
    List<Desk> desks = new ArrayList<>();
    for (ModelWorker worker : workers) {
      model.require(!worker.desk.isBusy || isSomeAside, worker.name + " is busy");
      model.require(worker.desk.load() == worker.desk.tasks.size(), "the load is wrong");
      if (!worker.isBuried) {
        desks.add(worker.desk);
      }
    }
    boolean isOnItsWay = isLargerWanted || desks.stream().anyMatch(desk -> desk.isLarge);
    for (ModelTask task : tasks) {
      long places = desks.stream().filter(desk -> desk.tasks.contains(task.job)).count();
      model.require(places <= 1, "in two places: " + task.job.id());
      boolean isPending = !task.job.isEnded() && places == 0;
      boolean hasRoom = desks.stream().anyMatch(desk -> hasRoom(desk, task.job.isLarge()));
      model.require(!(isPending && hasRoom), "kept from workers: " + task.job.id());
      boolean needsLarger = isPending && task.job.isLarge() && !desks.isEmpty() && !isOnItsWay;
      model.require(!needsLarger, "waits for a larger worker that nobody has asked for");
    }
    boolean anyIdle = desks.stream().anyMatch(desk -> hasRoom(desk, false) && desk.tasks.isEmpty());
    for (ModelWorker worker : workers) {
      boolean holdsBack =
          !worker.isBuried
              && !worker.desk.isBusy
              && !worker.desk.isLarge
              && worker.desk.tasks.size() > 1
              && !worker.ring.isEmpty();
      model.require(
          !(anyIdle && holdsBack), "a worker is idle, and there is work at " + worker.name);
    }
  }

  private static boolean hasRoom(Desk desk, boolean isLarge) {
    boolean isFit = desk.isLarge == isLarge && desk.isOpen() && !desk.isBusy;
    return isFit && desk.tasks.size() < desk.ahead();
  }

  /// What has become of a task.
  void checkAtTheEnd(ModelTask task) {
    String what = ": task " + task.job.id();
    if (task.executionsAtCancel >= 0) {
      model.require(task.answers.isEmpty(), "cancelled and answered" + what);
      model.require(task.executions == task.executionsAtCancel, "cancelled and begun" + what);
      return;
    }
    int most = retries + 1 + (task.job.isLarge() ? 1 : 0);
    model.require(task.answers.size() == 1, "not answered once" + what);
    model.require(task.executions <= most, "run too often" + what);
    model.throwWhatIsWrong();
    model.require(isTrue(task, task.answers.getFirst(), most), "answered wrongly" + what);
  }

  private static boolean isTrue(ModelTask task, Answer answer, int most) {
    int deaths = task.deaths + (task.answerLost ? 1 : 0) + (task.grewByAnswer ? 1 : 0);
    return switch (answer) {
      case Answer.Sent _ -> task.answerSent;
      case Answer.Late _ -> false;
      case Answer.Kept _ -> false;
      case Answer.Died died ->
          died.verdict().last().doom() != null
              ? task.isOverrun
              : task.executions == most && deaths == most;
      case Answer.Refused _ -> false;
      case Answer.Lost _ -> task.refused || task.answerLost || task.isOver;
    };
  }
}

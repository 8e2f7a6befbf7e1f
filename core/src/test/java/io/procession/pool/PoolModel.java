package io.procession.pool;

import static java.util.Objects.requireNonNull;

import io.procession.process.DeathCause;
import io.procession.process.DeathCertificate;
import io.procession.serial.ByteSink;
import io.procession.serial.Codec;
import java.io.StreamCorruptedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/// A pool's dispatcher with workers that are nothing but two queues, and a reference model of what
/// each task must come to.
///
/// One thread plays all: wherever the dispatcher is at a worker's ring, and so holds no lock, any
/// other thing may happen before it goes on, and at the rings of that one again. What happens is
/// chosen from outside, so runs can be enumerated and repeated. What would have to wait until the
/// first one goes on does not happen meanwhile.
final class PoolModel {
  private static final int MOST_DEPTH = 3;
  private static final int MOST_EVENTS = 1_000;

  /// A choice among `n` things, 0 for none of them.
  private final IntUnaryOperator choice;

  private final int retries;
  private final int mostJobs;
  private int killsLeft;
  private int refusalsLeft;
  private int startsLeft;
  private int cancelsLeft;

  private final Dispatcher dispatcher;
  private final BlockingQueue<ChunkJob.Arrival> arrivals = new LinkedBlockingQueue<>();
  private final List<ModelTask> tasks = new ArrayList<>();
  private final List<ModelWorker> workers = new ArrayList<>();
  private int depth;
  private boolean draining;
  private boolean closed;
  private boolean ended;
  private final List<String> log = new ArrayList<>();

  /// What was found wrong first. The dispatcher takes what a ring throws for a failure of the ring.
  private @Nullable AssertionError wrong;

  PoolModel(int retries, int jobs, int kills, int refusals, int cancels, IntUnaryOperator choice) {
    this.choice = choice;
    this.retries = retries;
    this.mostJobs = jobs;
    this.killsLeft = kills;
    this.refusalsLeft = refusals;
    this.cancelsLeft = cancels;
    this.startsLeft = 1 + kills;
    this.dispatcher = new Dispatcher("model", retries);
    enter();
  }

  /// Lets things happen as they are chosen, then everything that must, and checks what has come of
  /// it.
  void run() {
    boolean goesOn = true;
    while (goesOn) {
      goesOn = step();
      check();
    }
    draining = true;
    dispatcher.close();
    closed = true;
    while (drainOne()) {
      check();
    }
    checkAtTheEnd();
  }

  private int chosen(int n) {
    return draining ? 0 : choice.applyAsInt(n);
  }

  /// Whether the ring has no memory for a task.
  boolean refuses(long id) {
    if (refusalsLeft == 0 || chosen(2) == 0) {
      return false;
    }
    refusalsLeft--;
    byId(id).refused = true;
    note("refused " + id);
    return true;
  }

  /// What others do while somebody is at a ring.
  void interlude() {
    if (depth < MOST_DEPTH && !draining) {
      depth++;
      boolean goesOn = true;
      while (goesOn) {
        goesOn = step();
        check();
      }
      depth--;
    }
  }

  private boolean step() {
    List<Runnable> enabled = enabled();
    int picked = chosen(enabled.size() + 1);
    if (picked > 0) {
      enabled.get(picked - 1).run();
    }
    return picked > 0;
  }

  private List<Runnable> enabled() {
    List<Runnable> enabled = new ArrayList<>();
    if (tasks.size() < mostJobs && !closed) {
      enabled.add(this::submit);
    }
    for (ModelWorker worker : List.copyOf(workers)) {
      if (!worker.isDead && worker.running == null && !worker.ring.isEmpty()) {
        enabled.add(() -> take(worker));
      }
      if (!worker.isDead && worker.running != null) {
        enabled.add(() -> answer(worker));
      }
      if (!worker.results.isEmpty() && !worker.isRead) {
        enabled.add(() -> receive(worker));
      }
      if (!worker.isDead && killsLeft > 0) {
        enabled.add(() -> kill(worker));
      }
      if (canLeave(worker)) {
        enabled.add(() -> leave(worker));
      }
    }
    if (startsLeft > 0) {
      enabled.add(this::enter);
    }
    if (cancelsLeft > 0) {
      for (ModelTask task : tasks) {
        Desk desk = task.job.desk();
        if (task.executionsAtCancel < 0 && (desk == null || !desk.isBusy)) {
          enabled.add(() -> cancel(task));
        }
      }
    }
    if (tasks.size() == mostJobs && !closed) {
      enabled.add(this::close);
    } else if (closed && !ended) {
      enabled.add(this::end);
    }
    return enabled;
  }

  private static boolean canLeave(ModelWorker worker) {
    return worker.isDead
        && !worker.isBuried
        && worker.results.isEmpty()
        && !worker.isRead
        && !worker.desk.isBusy;
  }

  private boolean drainOne() {
    for (ModelWorker worker : List.copyOf(workers)) {
      if (canLeave(worker)) {
        leave(worker);
        return true;
      }
      if (!worker.results.isEmpty()) {
        receive(worker);
        return true;
      }
      if (!worker.isDead && worker.running != null) {
        answer(worker);
        return true;
      }
      if (!worker.isDead && !worker.ring.isEmpty()) {
        take(worker);
        return true;
      }
    }
    if (dispatcher.wantsWorkers() && workers.stream().allMatch(worker -> worker.isDead)) {
      enter();
      return true;
    }
    return false;
  }

  private void submit() {
    long id = dispatcher.nextId();
    Codec codec = Codec.standard();
    ByteSink message =
        TaskLayout.chunk(
            id, TaskLayout.EACH, codec, new FunctionBytes(codec, "f"), new Object[] {1});
    ModelTask task = new ModelTask(new ChunkJob(id, message, 0, 1, true, arrivals));
    tasks.add(task);
    note("submit " + id);
    dispatcher.submit(task.job, false);
  }

  private void take(ModelWorker worker) {
    ModelTask task = byId(worker.ring.removeFirst());
    worker.taken++;
    worker.running = task;
    task.executions++;
    note(worker.name + " takes " + task.job.id());
  }

  private void answer(ModelWorker worker) {
    ModelTask task = requireNonNull(worker.running);
    ByteSink out = new ByteSink(64);
    ResultHeader.write(task.job.id(), ResultHeader.VALUES, true, 0, 1, out);
    out.setInt(ResultHeader.NANOS_AT, (int) (task.job.id() % 2)); // some are short
    Codec.standard().encode(new Object[] {task.job.id()}, out);
    worker.results.addLast(Arrays.copyOf(out.array(), out.length()));
    worker.running = null;
    task.answerSent = true;
    note(worker.name + " answers " + task.job.id());
  }

  private void receive(ModelWorker worker) {
    byte[] message = worker.results.removeFirst();
    worker.isRead = true;
    note("receive from " + worker.name);
    try {
      dispatcher.inbox().received(worker.desk, ResultHeader.read(message), message, null);
    } catch (StreamCorruptedException e) {
      throw new AssertionError("a true answer is refused; " + log, e);
    } finally {
      worker.isRead = false;
    }
  }

  /// Ends a worker; perhaps what it has sent cannot be received any more.
  private void kill(ModelWorker worker) {
    killsLeft--;
    worker.isDead = true;
    note("kill " + worker.name);
    ModelTask running = worker.running;
    if (running != null) {
      running.deaths++;
    }
    boolean canLose = !worker.results.isEmpty() && !worker.isRead && !worker.desk.isBusy;
    if (canLose && chosen(2) == 1) {
      note("its answers are lost");
      for (byte[] lost : worker.results) {
        byId(TaskLayout.task(lost)).answerLost = true;
      }
      worker.results.clear();
      dispatcher.inbox().giveUp(worker.desk, new OutOfMemoryError("of the test"));
    }
  }

  private void leave(ModelWorker worker) {
    note(worker.name + " leaves");
    DeathCertificate certificate =
        new DeathCertificate(1, worker.name, -9, "SIGKILL", DeathCause.SIGNAL, "killed", "", "");
    dispatcher.inbox().left(worker.desk, certificate, 0);
    worker.isBuried = true;
  }

  private void enter() {
    startsLeft--;
    ModelWorker worker = new ModelWorker(this, "w" + (workers.size() + 1));
    workers.add(worker);
    note(worker.name + " comes");
    dispatcher.enter(worker.desk);
  }

  private void cancel(ModelTask task) {
    cancelsLeft--;
    note("cancel " + task.job.id());
    if (dispatcher.cancel(task.job)) {
      task.executionsAtCancel = task.executions;
    }
    note("cancelled " + task.job.id());
  }

  private void end() {
    note("end");
    ended = true;
    dispatcher.end("ended", null);
    for (ModelTask task : tasks) {
      task.isOver = true;
    }
  }

  private void close() {
    note("close");
    closed = true;
    dispatcher.close();
  }

  /// Numbers of tasks begin at 1.
  private ModelTask byId(long id) {
    return tasks.get((int) id - 1);
  }

  void note(String what) {
    log.add(what);
    require(log.size() < MOST_EVENTS, "it goes on for ever");
  }

  void require(boolean holds, String what) {
    if (!holds && wrong == null) {
      wrong = new AssertionError(what + ": " + log);
    }
  }

  void throwWhatIsWrong() {
    if (wrong != null) {
      throw wrong;
    }
  }

  /// What holds at every moment, and what holds when nobody is at a ring.
  private void check() {
    boolean isVisited = workers.stream().anyMatch(worker -> worker.isVisited);
    boolean isIdle = closed && !ended && !dispatcher.wantsWorkers();
    require(!(isIdle && isVisited), "idle while somebody is at a ring");
    if (depth > 0) {
      return;
    }
    throwWhatIsWrong();
    List<Desk> desks = new ArrayList<>();
    for (ModelWorker worker : workers) {
      require(!worker.desk.isBusy, worker.name + " is busy");
      require(worker.desk.load() == worker.desk.tasks.size(), "the load is wrong");
      if (!worker.isBuried) {
        desks.add(worker.desk);
      }
    }
    boolean hasRoom = desks.stream().anyMatch(desk -> desk.tasks.size() < desk.ahead());
    for (ModelTask task : tasks) {
      long places = desks.stream().filter(desk -> desk.tasks.contains(task.job)).count();
      require(places <= 1, "in two places: " + task.job.id());
      boolean isPending = !task.job.isEnded() && places == 0;
      require(!(isPending && hasRoom), "kept from workers: " + task.job.id());
    }
    boolean anyIdle = desks.stream().anyMatch(desk -> desk.tasks.isEmpty());
    for (ModelWorker worker : workers) {
      boolean holdsBack =
          !worker.isBuried && worker.desk.tasks.size() > 1 && !worker.ring.isEmpty();
      require(!(anyIdle && holdsBack), "a worker is idle, and there is work at " + worker.name);
    }
    throwWhatIsWrong();
  }

  private void checkAtTheEnd() {
    require(!dispatcher.wantsWorkers(), "not idle at the end");
    for (ChunkJob.Arrival arrival : arrivals) {
      byId(arrival.chunk().id()).answers.add(arrival.answer());
    }
    for (ModelTask task : tasks) {
      checkAtTheEnd(task);
    }
    throwWhatIsWrong();
  }

  private void checkAtTheEnd(ModelTask task) {
    String what = ": task " + task.job.id();
    if (task.executionsAtCancel >= 0) {
      require(task.answers.isEmpty(), "cancelled and answered" + what);
      require(task.executions == task.executionsAtCancel, "cancelled and begun" + what);
      return;
    }
    require(task.answers.size() == 1, "not answered once" + what);
    require(task.executions <= retries + 1, "run too often" + what);
    throwWhatIsWrong();
    int deaths = task.deaths + (task.answerLost ? 1 : 0);
    boolean isTrue =
        switch (task.answers.getFirst()) {
          case Answer.Sent _ -> task.answerSent;
          case Answer.Late _ -> false;
          case Answer.Kept _ -> false;
          case Answer.Died _ -> task.executions == retries + 1 && deaths == retries + 1;
          case Answer.Refused _ -> false;
          case Answer.Lost _ -> task.refused || task.answerLost || task.isOver;
        };
    require(isTrue, "answered wrongly" + what);
  }
}

package io.procession.pool;

import static java.util.Objects.requireNonNull;

import io.procession.process.DeathCause;
import io.procession.process.DeathCertificate;
import io.procession.serial.ByteSink;
import io.procession.serial.Codec;
import java.io.StreamCorruptedException;
import java.time.Duration;
import java.util.ArrayDeque;
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

  /// Every round comes so late that what it has seen before is due.
  private static final long LATE_NANOS = 6_000_000_000L;

  private static final Duration HARD = Duration.ofSeconds(1);

  /// What may happen in a run, and how often.
  ///
  /// @param outOfMemory how often a task runs out of memory; if more than never, there are larger workers
  /// @param rounds how often it is looked whether tasks run too long; if more than never, they have a hard deadline
  record Plan(
      int retries, int jobs, int kills, int refusals, int cancels, int outOfMemory, int rounds) {}

  /// A choice among `n` things, 0 for none of them.
  private final IntUnaryOperator choice;

  private final Plan plan;
  private int killsLeft;
  private int refusalsLeft;
  private int startsLeft;
  private int cancelsLeft;
  private int outOfMemoryLeft;
  private int roundsLeft;

  /// A larger worker was asked for, and has not come.
  private boolean isLargerWanted;

  private long now;
  private @Nullable Runnable round;
  private boolean isInRound;

  /// What others are to do that may take long.
  private final ArrayDeque<Runnable> aside = new ArrayDeque<>();

  private final Dispatcher dispatcher;
  private final BlockingQueue<ChunkJob.Arrival> arrivals = new LinkedBlockingQueue<>();
  private final List<ModelTask> tasks = new ArrayList<>();
  private final List<ModelWorker> workers = new ArrayList<>();
  private final ModelRules rules;
  private int depth;
  private boolean draining;
  private boolean closed;
  private boolean ended;
  private final List<String> log = new ArrayList<>();

  /// What was found wrong first. The dispatcher takes what a ring throws for a failure of the ring.
  private @Nullable AssertionError wrong;

  PoolModel(Plan plan, IntUnaryOperator choice) {
    this.choice = choice;
    this.plan = plan;
    this.rules = new ModelRules(this, plan.retries, tasks, workers);
    this.killsLeft = plan.kills;
    this.refusalsLeft = plan.refusals;
    this.cancelsLeft = plan.cancels;
    this.outOfMemoryLeft = plan.outOfMemory;
    this.roundsLeft = plan.rounds;
    this.startsLeft = 1 + plan.kills;
    PoolOptions options = PoolOptions.defaults().withRetries(plan.retries);
    if (plan.outOfMemory > 0) {
      options = options.withLargerHeap(1L << 30);
    }
    if (plan.rounds > 0) {
      options = options.withTask(TaskOptions.defaults().withHardDeadline(HARD));
    }
    this.dispatcher = new Dispatcher("model", options, new ModelRounds(), null);
    enter(false);
  }

  private final class ModelRounds implements Rounds {
    @Override
    public long now() {
      return now;
    }

    @Override
    public void in(long nanos, Runnable next) {
      require(round == null, "there are two rounds");
      round = next;
    }

    @Override
    public void aside(Runnable action) {
      aside.add(action);
    }
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
    if (tasks.size() < plan.jobs && !closed) {
      enabled.add(this::submit);
    }
    for (ModelWorker worker : List.copyOf(workers)) {
      if (canTake(worker)) {
        enabled.add(() -> take(worker));
      }
      if (!worker.isDead && worker.running != null) {
        enabled.add(() -> answer(worker, false));
        if (outOfMemoryLeft > 0) {
          enabled.add(() -> answer(worker, true));
        }
      }
      if (mayGo(worker)) {
        enabled.add(() -> go(worker));
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
      enabled.add(() -> enter(false));
    }
    if (isLargerWanted) {
      enabled.add(() -> enter(true));
      enabled.add(this::giveUpLarger);
    }
    if (!aside.isEmpty()) {
      enabled.add(this::goAside);
    }
    if (round != null && roundsLeft > 0) {
      enabled.add(this::look);
    }
    if (cancelsLeft > 0) {
      for (ModelTask task : tasks) {
        Desk desk = task.job.desk();
        if (task.executionsAtCancel < 0 && (desk == null || !desk.isBusy)) {
          enabled.add(() -> cancel(task));
        }
      }
    }
    if (tasks.size() == plan.jobs && !closed) {
      enabled.add(this::close);
    } else if (closed && !ended) {
      enabled.add(this::end);
    }
    return enabled;
  }

  /// It was told to leave, and has nothing left to do.
  private static boolean mayGo(ModelWorker worker) {
    return worker.isDismissed && !worker.isDead && worker.running == null && worker.ring.isEmpty();
  }

  private static boolean canTake(ModelWorker worker) {
    return !worker.isDead && !worker.isHeld && worker.running == null && !worker.ring.isEmpty();
  }

  private static boolean canLeave(ModelWorker worker) {
    return worker.isDead
        && !worker.isLeaving
        && worker.results.isEmpty()
        && !worker.isRead
        && !worker.desk.isBusy;
  }

  private boolean drainOne() {
    if (!aside.isEmpty()) {
      goAside();
      return true;
    }
    if (isLargerWanted) {
      enter(true);
      return true;
    }
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
        answer(worker, false);
        return true;
      }
      if (mayGo(worker)) {
        go(worker);
        return true;
      }
      if (canTake(worker)) {
        take(worker);
        return true;
      }
    }
    if (dispatcher.wantsWorkers()
        && workers.stream().allMatch(worker -> worker.isDead || worker.desk.isLarge)) {
      enter(false);
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
    worker.begin(task);
    task.executions++;
    note(worker.name + " takes " + task.job.id());
  }

  private void answer(ModelWorker worker, boolean isOutOfMemory) {
    ModelTask task = requireNonNull(worker.running);
    ByteSink out = new ByteSink(64);
    int kind = isOutOfMemory ? ResultHeader.FAILED : ResultHeader.VALUES;
    ResultHeader.write(task.job.id(), kind, true, 0, 1, out);
    if (isOutOfMemory) {
      outOfMemoryLeft--;
      ResultHeader.setOutOfMemory(true, out);
    }
    out.setInt(ResultHeader.NANOS_AT, (int) (task.job.id() % 2)); // some are short
    Codec.standard().encode(new Object[] {task.job.id()}, out);
    worker.results.addLast(Arrays.copyOf(out.array(), out.length()));
    worker.running = null;
    task.answerSent = true;
    note(worker.name + " answers " + task.job.id() + (isOutOfMemory ? ": out of memory" : ""));
  }

  private void receive(ModelWorker worker) {
    byte[] message = worker.results.removeFirst();
    worker.isRead = true;
    note("receive from " + worker.name);
    ModelTask task = byId(TaskLayout.task(message));
    boolean wasLarge = task.job.isLarge();
    try {
      dispatcher.inbox().received(worker.desk, ResultHeader.read(message), message, null, null);
    } catch (StreamCorruptedException e) {
      throw new AssertionError("a true answer is refused; " + log, e);
    } finally {
      worker.isRead = false;
    }
    if (task.job.isLarge()
        && !wasLarge) { // nothing that may have happened meanwhile makes it so again
      task.grewByAnswer = true;
    }
  }

  /// Ends a worker; perhaps what it has sent cannot be received any more.
  private void kill(ModelWorker worker) {
    killsLeft--;
    note("kill " + worker.name);
    die(worker);
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

  private static void die(ModelWorker worker) {
    worker.isDead = true;
    if (worker.running != null) {
      worker.running.deaths++;
    }
  }

  /// The pool kills a worker.
  void killed(ModelWorker worker) {
    note("the pool kills " + worker.name);
    if (!worker.isDead) {
      worker.isKilled = true;
      ModelTask running = worker.running;
      if (running != null) {
        running.isOverrun = running.job.equals(worker.desk.condemned);
        require(running.isOverrun || isInRound, "killed for another's fault: " + running.job.id());
      }
      die(worker);
    }
  }

  /// A worker has left in order.
  private void go(ModelWorker worker) {
    note(worker.name + " goes");
    worker.isDead = true;
  }

  /// A worker's end is known, with all that it has sent.
  private void leave(ModelWorker worker) {
    note(worker.name + " leaves");
    worker.isLeaving = true;
    dispatcher.inbox().left(worker.desk, certificate(worker), worker.board());
    worker.isBuried = true;
    if (worker.desk.isLarge) {
      isLargerWanted = dispatcher.needsLarger();
    }
  }

  private DeathCertificate certificate(ModelWorker worker) {
    if (worker.isDismissed && worker.running == null && !worker.isKilled) {
      return new DeathCertificate(1, worker.name, 0, null, DeathCause.ENDED, "ended", "", "");
    }
    boolean isOutOfMemory = !worker.isKilled && outOfMemoryLeft > 0 && chosen(2) == 1;
    outOfMemoryLeft -= isOutOfMemory ? 1 : 0;
    DeathCause other = worker.isKilled ? DeathCause.KILLED_BY_PARENT : DeathCause.SIGNAL;
    DeathCause cause = isOutOfMemory ? DeathCause.OUT_OF_HEAP : other;
    note(worker.name + " has died of " + cause);
    return new DeathCertificate(1, worker.name, -9, "SIGKILL", cause, "killed", "", "");
  }

  /// The pool asks for a larger worker.
  void enlarge() {
    note("a larger one is wanted");
    boolean isThere = workers.stream().anyMatch(worker -> worker.desk.isLarge && !worker.isBuried);
    require(!isLargerWanted && !isThere, "a second larger worker is asked for");
    isLargerWanted = true;
  }

  /// There can be no larger worker.
  private void giveUpLarger() {
    note("no larger one can be had");
    isLargerWanted = false;
    for (ModelTask task : tasks) {
      task.isOver |= task.job.isLarge();
    }
    dispatcher.giveUpLarger(null);
  }

  private void goAside() {
    note("aside");
    aside.remove().run();
  }

  /// A round comes, late.
  private void look() {
    note("round");
    roundsLeft--;
    now += LATE_NANOS;
    Runnable due = requireNonNull(round);
    round = null;
    boolean wasInRound = isInRound;
    isInRound = true; // it may take a worker for stopped, and kill that whatever it runs
    due.run();
    isInRound = wasInRound;
  }

  private void enter(boolean isLarge) {
    if (isLarge) {
      isLargerWanted = false;
    } else {
      startsLeft--;
    }
    ModelWorker worker = new ModelWorker(this, "w" + (workers.size() + 1), isLarge);
    workers.add(worker);
    note(worker.name + " comes");
    dispatcher.enter(worker.desk);
  }

  private void cancel(ModelTask task) {
    cancelsLeft--;
    note("cancel " + task.job.id());
    if (dispatcher.cancel(task.job, plan.rounds > 0)) {
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
    rules.check(isLargerWanted, !aside.isEmpty());
    throwWhatIsWrong();
  }

  private void checkAtTheEnd() {
    require(!dispatcher.wantsWorkers(), "not idle at the end");
    for (ChunkJob.Arrival arrival : arrivals) {
      byId(arrival.chunk().id()).answers.add(arrival.answer());
    }
    for (ModelTask task : tasks) {
      rules.checkAtTheEnd(task);
      throwWhatIsWrong();
    }
  }
}

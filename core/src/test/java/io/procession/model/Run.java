package io.procession.model;

import io.procession.internal.arena.ModelArena;
import io.procession.internal.arena.Session;
import io.procession.internal.posix.WordWait;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// One order of events: actors on threads of their own, of which one at a time goes on.
///
/// A scenario enrolls actors, then the run plays them. When one that is mortal has died, the root's
/// reaper buries it, in some order with the others' steps.
public final class Run {
  private static final int MOST_STEPS = 5_000;

  /// Kept from run to run: there are tens of thousands of runs.
  private static final ExecutorService THREADS =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("model-", 0).factory());

  /// What an actor is to do.
  @FunctionalInterface
  public interface Role {
    void play() throws Exception;
  }

  private final Choices choices;
  private final List<Actor> actors = new ArrayList<>();
  private final List<Sleeper> sleepers = new ArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private final ModelArena arena;
  private final Actor reaper = new Actor("reaper", null, false, this::reap);
  private final StringBuilder story = new StringBuilder();
  private int preemptions;
  private int deaths;
  private int steps;
  private @Nullable Actor current;
  private @Nullable Actor dead;
  private @Nullable Throwable failure;

  Run(Choices choices, int preemptions, int deaths) {
    this.choices = choices;
    this.preemptions = preemptions;
    this.deaths = deaths;
    this.arena = new ModelArena(new Sleeping());
    this.reaper.phase = Actor.Phase.BLOCKED;
  }

  /// The arena of this run.
  public ModelArena arena() {
    return arena;
  }

  /// Adds a participant that may not die.
  public void actor(String name, Role role) {
    actors.add(new Actor(name, null, false, role));
  }

  /// Adds a participant that may die at any of its steps.
  public void mortal(String name, Session self, Role role) {
    actors.add(new Actor(name, self, true, role));
  }

  /// True if the mortal one has died in this run.
  public boolean isSomeoneDead() {
    return dead != null;
  }

  /// Plays all roles to their end.
  void play() throws InterruptedException {
    actors.add(reaper);
    ModelArena.watch(() -> step(false), () -> step(true));
    try {
      letGoOn(choose(ready(null)));
      over.await();
    } finally {
      ModelArena.unwatch();
    }
    Throwable thrown = failure;
    if (thrown != null) {
      throw new AssertionError("in the run " + choices + ": " + thrown + "\n" + story, thrown);
    }
  }

  private void letGoOn(Actor actor) {
    if (!actor.begun) {
      actor.begun = true;
      THREADS.execute(() -> live(actor));
    } else {
      actor.turn.release();
    }
  }

  private void live(Actor actor) {
    actor.thread = Thread.currentThread();
    current = actor;
    try {
      if (failure == null) {
        actor.role.play();
      }
      actor.phase = Actor.Phase.ENDED;
      tell(actor, "ends");
    } catch (Death e) {
      actor.phase = failure == null ? Actor.Phase.DEAD : Actor.Phase.ENDED;
    } catch (Throwable e) {
      actor.phase = Actor.Phase.ENDED;
      fail(e);
    }
    handOn();
  }

  /// Called before each access to a shared word: somebody else may go on, or this one dies. To die
  /// before a load is to die before the next store.
  private void step(boolean isStore) {
    Actor actor = current;
    if (actor == null || !Thread.currentThread().equals(actor.thread)) {
      return; // not one of ours
    }
    if (actor.unwinding || failure != null) {
      throw new Death();
    }
    if (++steps > MOST_STEPS) {
      fail(new AssertionError("no end after " + steps + " steps"));
      throw new Death();
    }
    List<Actor> others = preemptions > 0 ? ready(actor) : List.of();
    boolean mayDie = isStore && actor.mortal && deaths > 0;
    int choice = choices.next(1 + others.size() + (mayDie ? 1 : 0));
    if (choice == 0) {
      return;
    }
    if (choice <= others.size()) {
      preemptions--;
      switchTo(actor, others.get(choice - 1));
      return;
    }
    deaths--;
    dead = actor;
    actor.unwinding = true;
    reaper.phase = Actor.Phase.READY;
    tell(actor, "dies");
    throw new Death();
  }

  private void switchTo(Actor from, Actor to) {
    tell(from, "is stopped");
    letGoOn(to);
    from.turn.acquireUninterruptibly();
    current = from;
    if (failure != null) {
      from.unwinding = true;
      throw new Death();
    }
  }

  /// The current actor can do no more for now: somebody else goes on, if there is one.
  private void handOn() {
    current = null;
    List<Actor> ready = failure == null ? ready(null) : unfinished();
    if (!ready.isEmpty()) {
      letGoOn(choose(ready));
      return;
    }
    List<Actor> unfinished = unfinished();
    if (unfinished.isEmpty()) {
      over.countDown();
      return;
    }
    if (!unfinished.equals(List.of(reaper))) {
      fail(new AssertionError("a wake-up is lost: all wait: " + unfinished));
    }
    letGoOn(unfinished.getFirst());
  }

  private Actor choose(List<Actor> among) {
    int choice = failure == null && among.size() > 1 ? choices.next(among.size()) : 0;
    Actor chosen = among.get(choice);
    tell(chosen, "goes on");
    return chosen;
  }

  private List<Actor> ready(@Nullable Actor but) {
    return actors.stream().filter(a -> a != but && a.phase == Actor.Phase.READY).toList();
  }

  private List<Actor> unfinished() {
    return actors.stream().filter(a -> !a.isOver()).toList();
  }

  private void fail(Throwable e) {
    if (failure == null) {
      failure = e;
    }
  }

  private void tell(Actor actor, String what) {
    story.append(steps).append(' ').append(actor).append(' ').append(what).append('\n');
  }

  /// What the root's reaper does, when there is a death, or when all others have ended.
  private void reap() {
    Actor buried = dead;
    if (buried != null && buried.self != null) {
      arena.bury(buried.self);
    }
  }

  private void block(Actor actor) {
    actor.phase = Actor.Phase.BLOCKED;
    tell(actor, "waits");
    handOn();
    actor.turn.acquireUninterruptibly();
    current = actor;
    actor.phase = Actor.Phase.READY;
    if (failure != null) {
      actor.unwinding = true;
      throw new Death();
    }
  }

  private Actor current() {
    Actor actor = current;
    if (actor == null) {
      throw new AssertionError("only an actor waits");
    }
    return actor;
  }

  private record Sleeper(Actor actor, long word, long bell) {}

  /// Sleeps as the kernel lets sleep: only while both words are as they were, until somebody wakes.
  private final class Sleeping implements WordWait {
    @Override
    public void await(
        MemorySegment memory, long word, int expected, long bell, int heard, long deadline) {
      step(false);
      if (read(memory, word) != expected || read(memory, bell) != heard) {
        return;
      }
      Actor actor = current();
      Sleeper sleeper = new Sleeper(actor, word, bell);
      sleepers.add(sleeper);
      block(actor);
      sleepers.remove(sleeper);
    }

    @Override
    public int wake(MemorySegment memory, long word, int count) {
      if (current == null) {
        return 0; // before the run begins, or after it
      }
      step(true);
      int woken = 0;
      for (Sleeper sleeper : List.copyOf(sleepers)) {
        if (woken < count && (sleeper.word == word || sleeper.bell == word)) {
          sleepers.remove(sleeper);
          sleeper.actor.phase = Actor.Phase.READY;
          woken++;
        }
      }
      return woken;
    }

    @Override
    public int code() {
      return 1;
    }

    private static int read(MemorySegment memory, long at) {
      return memory.get(ValueLayout.JAVA_INT, at);
    }
  }
}

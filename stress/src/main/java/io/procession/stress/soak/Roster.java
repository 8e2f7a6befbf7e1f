package io.procession.stress.soak;

import io.procession.crash.Journal;
import java.io.Serializable;
import java.nio.file.Path;

/// Who works in which place, who is to be killed, and what each has noted of itself. It lies in a file
/// of its own, apart from everything that is tried, and outlives who has written it.
///
/// Processes are numbered as they are started; 0 is the one that starts them. An *actor* is one thread
/// of one of them: `process * THREADS + thread`.
///
/// @param journal where it lies
/// @param places how many processes work at a time
/// @param stations how many stations there are
record Roster(Journal journal, int places, int stations) implements Serializable {
  /// Threads of a process; the last one is virtual.
  static final int THREADS = 3;

  /// Most processes in the course of one soak.
  static final int MOST_PROCESSES = 8_192;

  static final int ACTORS = MOST_PROCESSES * THREADS;

  /// What each actor counts for each station.
  static final int VISITS = 0;

  static final int BEGUN = 1;
  static final int DONE = 2;
  static final int OWN = 3;
  private static final int COUNTERS = 8;

  private static final int WANTED = 1;
  private static final int DOOMED = 2;

  private static final int STOP_AT = 0;
  private static final int FASHION_AT = 1;
  private static final int PLACES_AT = 2;
  private static final int DOOMED_AT = PLACES_AT + SoakOptions.MOST_PROCESSES;
  private static final int STEPS_AT = DOOMED_AT + MOST_PROCESSES;
  private static final int STATION_AT = STEPS_AT + ACTORS;
  private static final int COUNTERS_AT = STATION_AT + ACTORS;

  static Roster in(Path file, int places, int stations) {
    return new Roster(
        new Journal(file, COUNTERS_AT + ACTORS * stations * COUNTERS), places, stations);
  }

  void stop() {
    journal.set(STOP_AT, 1);
  }

  boolean isStopping() {
    return journal.get(STOP_AT) != 0;
  }

  /// Says where most shall go for a while, so that many meet at few.
  void setFashion(int station) {
    journal.set(FASHION_AT, station);
  }

  int fashion() {
    return journal.get(FASHION_AT);
  }

  void appoint(int place, int process) {
    journal.set(PLACES_AT + place, process);
  }

  /// The process that works in a place.
  int at(int place) {
    return journal.get(PLACES_AT + place);
  }

  /// Asks a process to linger where it is alone, for soon it will be killed.
  void want(int process) {
    journal.set(DOOMED_AT + process, WANTED);
  }

  boolean isWanted(int process) {
    return journal.get(DOOMED_AT + process) == WANTED;
  }

  /// Notes that a process is about to be killed.
  void doom(int process) {
    journal.set(DOOMED_AT + process, DOOMED);
  }

  boolean isDoomed(int process) {
    return journal.get(DOOMED_AT + process) == DOOMED;
  }

  /// Notes that an actor comes to a station.
  void arrive(int actor, int station) {
    journal.set(STATION_AT + actor, station);
    journal.increment(STEPS_AT + actor);
  }

  /// Where an actor was seen last.
  int station(int actor) {
    return journal.get(STATION_AT + actor);
  }

  /// How many steps an actor has begun.
  int steps(int actor) {
    return journal.get(STEPS_AT + actor);
  }

  int get(int actor, int station, int counter) {
    return journal.get(at(actor, station, counter));
  }

  void set(int actor, int station, int counter, int value) {
    journal.set(at(actor, station, counter), value);
  }

  void increment(int actor, int station, int counter) {
    journal.increment(at(actor, station, counter));
  }

  /// The sum of a counter over the actors of all processes below `processes`.
  long sum(int processes, int station, int counter) {
    long sum = 0;
    for (int actor = 0; actor < processes * THREADS; actor++) {
      sum += get(actor, station, counter);
    }
    return sum;
  }

  /// As [#sum], over those that were killed.
  long sumOfDoomed(int processes, int station, int counter) {
    long sum = 0;
    for (int actor = 0; actor < processes * THREADS; actor++) {
      sum += isDoomed(actor / THREADS) ? get(actor, station, counter) : 0;
    }
    return sum;
  }

  private int at(int actor, int station, int counter) {
    return COUNTERS_AT + (actor * stations + station) * COUNTERS + counter;
  }
}

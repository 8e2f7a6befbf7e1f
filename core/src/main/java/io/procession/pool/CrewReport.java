package io.procession.pool;

import io.procession.process.JvmProcess;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// What the workers of a pool are about at a moment.
final class CrewReport {
  private static final long DUMP_NANOS = 3_000_000_000L;

  private final String pool;
  private final DeskSurvey survey;
  private final List<Link> links;

  CrewReport(String pool, DeskSurvey survey, List<Link> links) {
    this.pool = pool;
    this.survey = survey;
    this.links = links;
  }

  /// For programs.
  PoolStats stats() {
    List<PoolStats.WorkerStats> workers = new ArrayList<>();
    for (Link link : links) {
      JvmProcess process = link.process();
      if (process.isAlive()) {
        long memory = ResidentMemory.of(process.pid());
        Desk desk = link.desk();
        workers.add(
            new PoolStats.WorkerStats(
                process.name(), process.pid(), survey.finished(desk), desk.load(), memory));
      }
    }
    return survey.stats(workers);
  }

  /// For people. Asks all, and waits for those that do not tell, for a while.
  static String dump(List<CrewReport> reports) throws InterruptedException {
    Map<CrewReport, Map<Link, CompletableFuture<String>>> answers = new LinkedHashMap<>();
    for (CrewReport report : reports) {
      answers.put(report, report.ask());
    }
    long deadline = System.nanoTime() + DUMP_NANOS;
    List<String> texts = new ArrayList<>();
    for (var entry : answers.entrySet()) {
      texts.add(entry.getKey().describe(entry.getValue(), deadline));
    }
    return String.join("\n", texts);
  }

  private Map<Link, CompletableFuture<String>> ask() {
    Map<Link, CompletableFuture<String>> answers = new LinkedHashMap<>();
    for (Link link : links) {
      answers.put(link, link.tell());
    }
    return answers;
  }

  private String describe(Map<Link, CompletableFuture<String>> answers, long deadline)
      throws InterruptedException {
    StringBuilder text = new StringBuilder(pool).append(": ").append(answers.size());
    text.append(answers.size() == 1 ? " worker\n" : " workers\n");
    for (Map.Entry<Link, CompletableFuture<String>> entry : answers.entrySet()) {
      Link link = entry.getKey();
      text.append('\n').append(link.worker()).append(" (pid ").append(link.process().pid());
      text.append("): ").append(survey.describe(link.desk())).append('\n');
      text.append(answer(entry.getValue(), deadline).indent(2));
    }
    return text.toString();
  }

  private static String answer(CompletableFuture<String> answer, long deadline)
      throws InterruptedException {
    try {
      String text = answer.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      return text.isEmpty() ? "it has ended" : text;
    } catch (TimeoutException e) {
      return "it does not answer: it is starting, or stopped, or never comes to a safepoint";
    } catch (ExecutionException e) {
      throw new AssertionError(e); // nobody completes it so
    }
  }
}

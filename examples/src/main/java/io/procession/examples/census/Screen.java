package io.procession.examples.census;

import java.io.Console;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarStyle;

/// Lines of text, and below them a progress bar if they go to a terminal. The bar is drawn here and not
/// by its library's console, which would load a native library to learn how wide the terminal is.
final class Screen {
  private static final int WIDTH = 79;
  private static final int MILLIS_BETWEEN_UPDATES = 100;

  private final PrintStream out;
  private final boolean terminal;
  private String bar = "";

  Screen(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /// Standard output.
  @SuppressWarnings("SystemConsoleNull") // JDK 25 answers null again if there is no terminal
  static Screen standard() {
    Console console = System.console();
    return new Screen(System.out, console != null && console.isTerminal());
  }

  /// Prints one line; a bar stays below it.
  synchronized void say(String line) {
    String drawn = bar;
    draw("");
    out.println(line);
    draw(drawn);
  }

  /// A progress bar from 0 to `steps` that is gone when it is closed.
  Bar bar(String name, int steps) {
    return new Bar(
        ProgressBar.builder()
            .setTaskName(name)
            .setInitialMax(steps)
            .setUpdateIntervalMillis(MILLIS_BETWEEN_UPDATES)
            .continuousUpdate() // else a step taken while it draws is not drawn until the next one
            .setStyle(
                out.charset().equals(StandardCharsets.UTF_8)
                    ? ProgressBarStyle.UNICODE_BLOCK
                    : ProgressBarStyle.ASCII)
            .setConsumer(new DelegatingProgressBarConsumer(this::draw, WIDTH))
            .build());
  }

  private synchronized void draw(String text) {
    if (terminal && !text.equals(bar)) {
      String rest = " ".repeat(Math.max(0, bar.length() - text.length()));
      out.print("\r" + text + rest + (text.isEmpty() ? "\r" : ""));
      out.flush();
      bar = text;
    }
  }

  final class Bar implements AutoCloseable {
    private final ProgressBar progress;

    private Bar(ProgressBar progress) {
      this.progress = progress;
    }

    void advance(int steps) {
      progress.stepBy(steps);
    }

    @Override
    public void close() {
      progress.close();
      draw("");
    }
  }
}

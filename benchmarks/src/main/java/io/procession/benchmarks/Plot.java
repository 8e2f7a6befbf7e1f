package io.procession.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;

/// Lines over two logarithmic axes, as SVG.
///
/// @param title stands above
/// @param horizontal what grows to the right
/// @param vertical the unit upwards
/// @param lines their points, by name
record Plot(
    String title, String horizontal, String vertical, SequencedMap<String, List<Point>> lines) {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 460;
  private static final int LEFT = 80;
  private static final int RIGHT = 20;
  private static final int TOP = 50;
  private static final int BOTTOM = 60;
  private static final String[] COLOURS = {
    "#1f6fb4", "#d9622b", "#3a9a4b", "#8a5fb0", "#7a7a7a", "#b8962e"
  };

  /// A point of a line; both are above 0.
  record Point(double x, double y) {}

  String toSvg() {
    Axis across = Axis.of(lines.values().stream().flatMap(List::stream).map(Point::x).toList(), 4);
    Axis up = Axis.of(lines.values().stream().flatMap(List::stream).map(Point::y).toList(), 10);
    var svg = new StringBuilder();
    add(
        svg,
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' font-family='sans-serif'"
            + " font-size='12'>",
        WIDTH,
        HEIGHT);
    add(svg, "<rect width='%d' height='%d' fill='white'/>", WIDTH, HEIGHT);
    add(svg, "<text x='%d' y='24' font-size='16'>%s</text>", LEFT, title);
    for (double x = across.least(); x <= across.most() * 1.01; x *= across.step()) {
      int at = x(across, x);
      add(svg, "<path d='M%d %dV%d' stroke='#e4e4e4'/>", at, TOP, HEIGHT - BOTTOM);
      add(svg, "<text x='%d' y='%d' text-anchor='middle'>%s</text>", at, HEIGHT - 40, label(x));
    }
    for (double y = up.least(); y <= up.most() * 1.01; y *= up.step()) {
      int at = y(up, y);
      add(svg, "<path d='M%d %dH%d' stroke='#e4e4e4'/>", LEFT, at, WIDTH - RIGHT);
      add(svg, "<text x='%d' y='%d' text-anchor='end'>%s</text>", LEFT - 8, at + 4, label(y));
    }
    add(
        svg,
        "<text x='%d' y='%d' text-anchor='middle'>%s</text>",
        WIDTH / 2,
        HEIGHT - 16,
        horizontal);
    add(svg, "<text x='%d' y='%d'>%s</text>", 8, TOP - 8, vertical);
    int number = 0;
    for (Map.Entry<String, List<Point>> line : lines.entrySet()) {
      String colour = COLOURS[number % COLOURS.length];
      addLine(svg, across, up, line.getValue(), colour);
      add(
          svg,
          "<text x='%d' y='%d' fill='%s'>%s</text>",
          LEFT + 12 + number * 140,
          TOP - 8,
          colour,
          line.getKey());
      number++;
    }
    return svg.append("</svg>\n").toString();
  }

  private static void addLine(
      StringBuilder svg, Axis across, Axis up, List<Point> points, String colour) {
    var path = new StringBuilder();
    for (Point point : points) {
      int x = x(across, point.x());
      int y = y(up, point.y());
      path.append(path.isEmpty() ? "M" : "L").append(x).append(' ').append(y);
      add(svg, "<circle cx='%d' cy='%d' r='3' fill='%s'/>", x, y, colour);
    }
    add(svg, "<path d='%s' fill='none' stroke='%s' stroke-width='2'/>", path, colour);
  }

  private static int x(Axis axis, double value) {
    return LEFT + (int) Math.round(axis.share(value) * (WIDTH - LEFT - RIGHT));
  }

  private static int y(Axis axis, double value) {
    return HEIGHT - BOTTOM - (int) Math.round(axis.share(value) * (HEIGHT - TOP - BOTTOM));
  }

  private static String label(double value) {
    return value < 1 ? Figures.exactly(value) : Figures.shortly(value);
  }

  @SuppressWarnings(
      "AnnotateFormatMethod") // the annotation would be a dependency for one private method
  private static void add(StringBuilder svg, String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  /// From a power of the step below all values to one above.
  private record Axis(double least, double most, double step) {
    static Axis of(List<Double> values, double step) {
      double least = values.stream().mapToDouble(Double::doubleValue).min().orElse(1);
      double most = values.stream().mapToDouble(Double::doubleValue).max().orElse(1);
      double from = Math.pow(step, Math.floor(Math.log(least) / Math.log(step) + 1e-9));
      double to = Math.pow(step, Math.ceil(Math.log(most) / Math.log(step) - 1e-9));
      return new Axis(from, Math.max(to, from * step), step);
    }

    double share(double value) {
      return Math.log(value / least) / Math.log(most / least);
    }
  }
}

package io.procession.benchmarks.measure;

/// Which of two figures is the better one.
public enum Better {
  HIGHER {
    @Override
    public double advantage(double ours, double theirs) {
      return ours / theirs;
    }
  },
  LOWER {
    @Override
    public double advantage(double ours, double theirs) {
      return theirs / ours;
    }
  };

  /// How many times better our figure is than theirs: above 1 is better, for times too.
  public abstract double advantage(double ours, double theirs);
}

package elysia.bench;

/// Something that is measured.
@FunctionalInterface
public interface Benchmark {
  /// Measures, and tells each figure as soon as it is known.
  void measure(Lab lab);
}

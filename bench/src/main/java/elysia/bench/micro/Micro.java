package elysia.bench.micro;

import elysia.bench.Benchmark;
import elysia.bench.Figure;
import elysia.bench.Lab;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/// Runs the benchmarks of this package, each in a JVM of its own with the options of this one.
public final class Micro implements Benchmark {
  private final List<String> patterns;

  /// @param patterns regular expressions, one of which is found in a benchmark's name
  ///          (`elysia.bench.micro.Chunking.chunk`); all benchmarks when there is none. Read when
  ///          it begins
  public Micro(List<String> patterns) {
    this.patterns = patterns;
  }

  @Override
  public void measure(Lab lab) {
    figures(run(options(lab.corpora(), patterns), VerboseMode.NORMAL), lab::tell);
  }

  static ChainedOptionsBuilder options(Path corpora, List<String> patterns) {
    ChainedOptionsBuilder options = new OptionsBuilder().param("corpora", corpora.toString())
        .shouldFailOnError(true);
    patterns.forEach(options::include);
    return options;
  }

  static Collection<RunResult> run(ChainedOptionsBuilder options, VerboseMode verbosity) {
    try {
      return new Runner(options.build(),
          OutputFormatFactory.createFormatInstance(System.err, verbosity)).run();
    } catch (NoBenchmarksException e) {
      throw new IllegalArgumentException(
          "no such benchmark (expected: a part of a name as in elysia.bench.micro.Chunking.chunk)",
          e);
    } catch (RunnerException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The work done in a second, rather than how often the whole corpus was done.
  static void figures(Collection<RunResult> results, Consumer<Figure> figures) {
    for (RunResult result : results)
      result.getSecondaryResults().forEach((unit, rate) -> figures
          .accept(
              Figure.of("jmh", name(result), rate.getScore(), unit + "/s").noting(spread(rate))));
  }

  /// `Chunking.chunk`.
  private static String name(RunResult result) {
    String name = result.getParams().getBenchmark();
    return name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1);
  }

  /// On a busy machine the best round says more than their mean.
  private static String spread(Result<?> rate) {
    String best = "best round " + Figure.number(rate.getStatistics().getMax());
    return Double.isNaN(rate.getScoreError())
        ? best
        : String.format(Locale.ROOT, "± %.0f %%, ", 100 * rate.getScoreError() / rate.getScore())
            + best;
  }
}

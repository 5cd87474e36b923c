package elysia.bench.micro;

import elysia.worker.bert.WordPiece;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/// The word pieces of all texts that are embedded for the corpus.
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class Tokenising {
  /// Counters of the work done.
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  @State(Scope.Thread)
  public static class Work {
    public long texts;
    public long tokens;
  }

  /// The texts, made before anything is measured.
  @State(Scope.Benchmark)
  public static class Texts {
    private List<String> all = List.of();

    @Setup
    public void take(Corpus corpus) {
      all = corpus.texts();
    }
  }

  /// As chunking does, to know where to cut.
  @Benchmark
  public void count(Texts texts, Work work) {
    for (String text : texts.all)
      work.tokens += WordPiece.uncased().count(text);
    work.texts += texts.all.size();
  }

  /// As embedding does, for the model's input.
  @Benchmark
  public void encode(Texts texts, Work work, Blackhole out) {
    for (String text : texts.all) {
      long[] ids = WordPiece.uncased().encode(text);
      work.tokens += ids.length;
      out.consume(ids);
    }
    work.texts += texts.all.size();
  }
}

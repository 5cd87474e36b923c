package elysia.bench.micro;

import elysia.core.chunk.Chunker;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/// Cutting files into chunks, their tokens counted on the way.
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class Chunking {
  /// Counters of the work done.
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  @State(Scope.Thread)
  public static class Work {
    public long files;
    public long chunks;
    public long bytes;
  }

  /// All files of the corpus.
  @Benchmark
  public void chunk(Corpus corpus, Work work, Blackhole out) {
    corpus.files().forEach((path, content) -> {
      Chunker.Chunking cut = corpus.productsChunker().chunk(path, content);
      work.files++;
      work.bytes += content.length;
      if (cut instanceof Chunker.Chunking.Chunks(_, var chunks, _))
        work.chunks += chunks.size();
      out.consume(cut);
    });
  }
}

package elysia.bench.micro;

import elysia.core.chunk.Chunk;
import elysia.core.identity.ChunkId;
import elysia.core.identity.CollectionName;
import elysia.core.identity.RepositoryName;
import elysia.core.identity.Sha256;
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

/// Identities and hashes of all chunks and files of the corpus.
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class Hashing {
  private static final CollectionName COLLECTION = new CollectionName("Bench");
  private static final RepositoryName REPOSITORY = new RepositoryName("bench");

  /// Counters of the work done.
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  @State(Scope.Thread)
  public static class Work {
    public long hashes;
  }

  /// The place of each chunk in the store.
  @Benchmark
  public void chunkIds(Corpus corpus, Work work, Blackhole out) {
    corpus.chunks().forEach((path, chunks) -> {
      for (Chunk chunk : chunks)
        out.consume(ChunkId.of(COLLECTION, REPOSITORY, path, chunk.index()));
      work.hashes += chunks.size();
    });
  }

  /// The hashes by which vectors are found again.
  @Benchmark
  public void vectorHashes(Corpus corpus, Work work, Blackhole out) {
    corpus.chunks().values().forEach(chunks -> {
      for (Chunk chunk : chunks)
        out.consume(chunk.vectorHash());
      work.hashes += chunks.size();
    });
  }

  /// Of whole files.
  @Benchmark
  public void fileHashes(Corpus corpus, Work work, Blackhole out) {
    for (byte[] content : corpus.files().values())
      out.consume(Sha256.hex(content));
    work.hashes += corpus.files().size();
  }
}

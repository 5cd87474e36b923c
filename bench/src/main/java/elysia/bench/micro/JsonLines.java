package elysia.bench.micro;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.typesafe.config.ConfigFactory;
import elysia.bench.feed.Lines;
import elysia.core.change.ChangeReader;
import elysia.core.change.ChangeSettings;
import elysia.core.change.Line;
import elysia.core.json.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
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

/// Reading and checking the lines of the change contract.
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class JsonLines {
  private static final int SHORT = 20_000;

  /// Counters of the work done.
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  @State(Scope.Thread)
  public static class Work {
    public long lines;
    public long bytes;
  }

  /// Lines of 300 bytes each.
  @State(Scope.Benchmark)
  public static class ShortLines {
    private final byte[] bytes = Lines.block(SHORT);
  }

  /// A line for each file of the corpus, its content in it.
  @State(Scope.Benchmark)
  public static class RealLines {
    private byte[] bytes = {};

    @Setup
    public void write(Corpus corpus) throws JsonProcessingException {
      ByteArrayOutputStream lines = new ByteArrayOutputStream();
      for (var file : corpus.files().entrySet()) {
        lines.writeBytes(Json.mapper().writeValueAsBytes(Json.mapper().createObjectNode()
            .put("repo", "bench").put("op", "modify").put("path", file.getKey().value())
            .put("content", new String(file.getValue(), StandardCharsets.UTF_8))));
        lines.write('\n');
      }
      bytes = lines.toByteArray();
    }
  }

  @Benchmark
  public void shortLines(ShortLines lines, Work work, Blackhole out) throws IOException {
    read(lines.bytes, work, out);
  }

  @Benchmark
  public void filesInLines(RealLines lines, Work work, Blackhole out) throws IOException {
    read(lines.bytes, work, out);
  }

  private static void read(byte[] bytes, Work work, Blackhole out) throws IOException {
    ChangeReader reader = new ChangeReader(new ByteArrayInputStream(bytes),
        ChangeSettings.from(ConfigFactory.load()));
    for (Optional<Line> line = reader.next(); line.isPresent(); line = reader.next()) {
      if (!(line.get() instanceof Line.ChangeLine))
        throw new IllegalStateException("not a change: " + line.get());
      work.lines++;
      out.consume(line);
    }
    work.bytes += bytes.length;
  }
}

package elysia.bench.micro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/// Every benchmark runs once, in this process.
class MicroTest {
  private static final int FILES = 3;

  @TempDir
  Path corpora;

  @BeforeAll
  static void othersMayRunToo() {
    System.setProperty("jmh.ignoreLock", "true");
  }

  private Collection<RunResult> once(String... patterns) {
    return Micro.run(Micro.options(corpora, List.of(patterns)).forks(0).warmupIterations(0)
        .measurementIterations(1).measurementTime(TimeValue.milliseconds(1)), VerboseMode.SILENT);
  }

  @Test
  void everyBenchmarkDoesItsWork() throws IOException {
    for (int i = 0; i < FILES; i++)
      Files.writeString(corpora.resolve("Greeting" + i + ".java"), """
          class Greeting%d {
            String hello(String name) {
              return "hello " + name;
            }
          }
          """.formatted(i));
    Collection<RunResult> results = once();
    assertThat(results.stream().map(r -> r.getParams().getBenchmark()
        .replace("elysia.bench.micro.", ""))).containsExactlyInAnyOrder("Chunking.chunk",
            "Hashing.chunkIds", "Hashing.fileHashes", "Hashing.vectorHashes",
            "JsonLines.filesInLines", "JsonLines.shortLines", "Tokenising.count",
            "Tokenising.encode");
    Map<String, Double> figures = new HashMap<>();
    Micro.figures(results, f -> figures.put(f.what() + " " + f.unit(), f.value()));
    assertThat(figures.values()).allMatch(rate -> rate > 0);
    assertThat(ratio(figures, "Chunking.chunk chunks/s", "Chunking.chunk files/s")).isOne();
    assertThat(ratio(figures, "Tokenising.encode tokens/s", "Tokenising.encode texts/s"))
        .isBetween(10L, 40L);
    assertThat(ratio(figures, "JsonLines.shortLines bytes/s", "JsonLines.shortLines lines/s"))
        .isEqualTo(300);
    assertThat(figures).containsKeys("Tokenising.count tokens/s", "Hashing.chunkIds hashes/s",
        "Hashing.vectorHashes hashes/s", "Hashing.fileHashes hashes/s",
        "JsonLines.filesInLines lines/s");
  }

  private static long ratio(Map<String, Double> figures, String of, String by) {
    return Math.round(figures.getOrDefault(of, 0.0) / figures.getOrDefault(by, 0.0));
  }

  @Test
  void corpusWithoutCodeIsAFailure() {
    assertThatThrownBy(() -> once("Chunking")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void patternThatMeansNothingIsAFailure() {
    assertThatThrownBy(() -> once("NoSuchBenchmark")).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("elysia.bench.micro.");
  }
}

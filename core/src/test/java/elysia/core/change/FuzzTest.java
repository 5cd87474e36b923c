package elysia.core.change;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Mutated inputs: nothing that a producer writes throws, hangs, or is lost count of.
class FuzzTest {
  private static final String[] SEEDS = {"mgit-diff-uncommitted.jsonl",
      "mgit-diff-embed-content.jsonl", "elysiactl-three-tier.jsonl", "event-style-proposal.jsonl",
      "seeds.jsonl"};

  @Test
  @Timeout(60)
  void mutatedInputsNeverThrow() throws IOException {
    fuzz(Duration.ofSeconds(3));
  }

  @Test
  @Tag("soak")
  void mutatedInputsNeverThrowForMinutes() throws IOException {
    fuzz(Duration.ofMinutes(10));
  }

  private static void fuzz(Duration time) throws IOException {
    List<byte[]> corpus = corpus();
    long end = System.nanoTime() + time.toNanos();
    long seed = 0;
    while (System.nanoTime() < end) {
      for (int i = 0; i < 100; i++) {
        byte[] input = new Mutator(corpus, seed++).next();
        try {
          check(input);
        } catch (RuntimeException e) {
          throw new AssertionError("seed " + (seed - 1) + ": "
              + new String(input, StandardCharsets.ISO_8859_1), e);
        }
      }
    }
    assertThat(seed).isPositive();
  }

  /// Every byte belongs to exactly one line, and where the pieces end changes nothing.
  static void check(byte[] input) {
    List<Line> lines = TestLines.of(input, new ChangeSettings(1 << 15));
    long at = 0;
    long number = 0;
    for (Line line : lines) {
      LinePosition position = line.position();
      assertThat(position.line()).isEqualTo(++number);
      assertThat(position.start()).isEqualTo(at);
      assertThat(position.end()).isGreaterThan(at);
      at = position.end();
      if (line instanceof Line.BadLine bad)
        assertThat(bad.offset()).as(bad.text()).isBetween(position.start(), position.end());
      if (line instanceof Line.ChangeLine(var change, _) && change.repo().isPresent())
        assertThat(change.path().safe() && change.newPath().stream().allMatch(p -> p.safe()))
            .as(change.toString()).isTrue();
    }
    assertThat(at).isEqualTo(input.length);
    List<Line> pieces = new ArrayList<>();
    ChangeDecoder decoder = new ChangeDecoder(new ChangeSettings(1 << 15), pieces::add);
    for (int from = 0; from < input.length; from += 777)
      decoder.feed(input, from, Math.min(input.length, from + 777));
    decoder.finish();
    assertThat(pieces).isEqualTo(lines);
  }

  private static List<byte[]> corpus() throws IOException {
    List<byte[]> corpus = new ArrayList<>();
    for (String name : SEEDS) {
      try (InputStream in = Objects
          .requireNonNull(FuzzTest.class.getResourceAsStream("/change/" + name), name)) {
        byte[] all = in.readAllBytes();
        int from = 0;
        for (int i = 0; i < all.length; i++) {
          if (all[i] == '\n') {
            corpus.add(Arrays.copyOfRange(all, from, Math.min(i + 1, from + 3000)));
            from = i + 1;
          }
        }
      }
    }
    return corpus;
  }
}

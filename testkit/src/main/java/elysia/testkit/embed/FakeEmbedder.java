package elysia.testkit.embed;

import elysia.core.embed.Embedder;
import elysia.core.embed.Embedding;
import elysia.core.embed.EmbeddingModel;
import elysia.core.embed.TokenCounter;
import elysia.core.identity.Sha256;
import elysia.core.outcome.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// An embedder without a model, for tests: texts with common words get vectors that are near, and
/// different texts different ones. Counts what it embedded; fails as told. Thread-safe.
public final class FakeEmbedder implements Embedder {
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");

  private final EmbeddingModel model;
  private final AtomicLong embedded = new AtomicLong();
  private final AtomicLong calls = new AtomicLong();
  private final Deque<Fault> next = new ArrayDeque<>();
  private volatile @Nullable Outcome<List<Embedded>> down;
  private volatile Function<String, Optional<String>> poison = _ -> Optional.empty();
  private volatile Consumer<List<String>> before = _ -> {};

  private record Fault(int after, Outcome<List<Embedded>> outcome) {}

  /// 64 dimensions, 256 tokens.
  public FakeEmbedder() {
    this(new EmbeddingModel("embedded", "fake", 64, 256));
  }

  public FakeEmbedder(EmbeddingModel model) {
    this.model = model;
  }

  /// How many texts got a vector so far.
  public long embedded() {
    return embedded.get();
  }

  /// How many calls there were, also those that failed.
  public long calls() {
    return calls.get();
  }

  /// The next call fails; said twice, the next two do.
  public void failNext(Outcome<List<Embedded>> outcome) {
    failNextAfter(0, outcome);
  }

  /// The next call fails after the sink got the first texts' results.
  public synchronized void failNextAfter(int texts, Outcome<List<Embedded>> outcome) {
    next.add(new Fault(texts, outcome));
  }

  /// Every call fails until [#heal()].
  public void fail(Outcome<List<Embedded>> outcome) {
    down = outcome;
  }

  /// Ends every fault.
  public synchronized void heal() {
    down = null;
    next.clear();
    poison = _ -> Optional.empty();
  }

  /// Texts for which the function has a reason are rejected with it.
  public void reject(Function<String, Optional<String>> reason) {
    poison = reason;
  }

  /// Runs at the start of every call, on its thread: a test may block or throw in it.
  public void beforeEach(Consumer<List<String>> action) {
    before = action;
  }

  /// The vector of a text.
  public Embedding vectorOf(String text) {
    float[] vector = new float[model.dimension()];
    WORD.matcher(text).results().forEach(word -> {
      int hash = word.group().hashCode();
      for (int k = 0; k < 4; k++) {
        hash = hash * 0x9E3779B1 + 0x7F4A7C15;
        vector[Math.floorMod(hash >>> 8, vector.length)] += (hash & 64) == 0 ? 1 : -1;
      }
    });
    byte[] whole = Sha256.digest().digest(text.getBytes(StandardCharsets.UTF_8));
    double sum = 0;
    for (int i = 0; i < vector.length; i++) {
      vector[i] += (whole[i % whole.length] + 0.5f) / 256;
      sum += (double) vector[i] * vector[i];
    }
    float scale = (float) (1 / Math.sqrt(sum));
    for (int i = 0; i < vector.length; i++)
      vector[i] *= scale;
    return Embedding.of(vector);
  }

  @Override
  public EmbeddingModel model() {
    return model;
  }

  /// A word counts as one token for each four characters begun, any other visible character as one.
  @Override
  public TokenCounter tokens() {
    return text -> {
      int tokens = 0;
      int run = 0;
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (Character.isLetterOrDigit(c)) {
          if (run++ % 4 == 0)
            tokens++;
        } else {
          run = 0;
          if (!Character.isWhitespace(c))
            tokens++;
        }
      }
      return tokens;
    };
  }

  @Override
  public int batchSize() {
    return 32;
  }

  @Override
  public Outcome<List<Embedded>> embed(List<String> texts) {
    return embed(texts, (_, _) -> {});
  }

  @Override
  public Outcome<List<Embedded>> embed(List<String> texts, Sink sink) {
    calls.incrementAndGet();
    before.accept(texts);
    Outcome<List<Embedded>> failure = down;
    Fault fault = failure == null ? poll() : new Fault(0, failure);
    List<Embedded> results = new ArrayList<>();
    for (String text : texts) {
      if (fault != null && results.size() >= fault.after())
        return fault.outcome();
      Optional<String> rejected = poison.apply(text);
      Embedded result = rejected.isPresent()
          ? new Embedded.Rejected(rejected.get())
          : new Embedded.Vector(vectorOf(text));
      if (rejected.isEmpty())
        embedded.incrementAndGet();
      results.add(result);
      sink.done(results.size() - 1, result);
    }
    return fault == null ? Outcome.ok(List.copyOf(results)) : fault.outcome();
  }

  private synchronized @Nullable Fault poll() {
    return next.poll();
  }
}

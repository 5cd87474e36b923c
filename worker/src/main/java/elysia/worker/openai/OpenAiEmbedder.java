package elysia.worker.openai;

import elysia.core.embed.Embedder;
import elysia.core.embed.EmbeddingModel;
import elysia.core.embed.TokenCounter;
import elysia.core.outcome.Outcome;
import elysia.core.rate.RateBudget;
import elysia.core.rate.Sleeper;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/// Embeds by any service that speaks OpenAI's `/v1/embeddings`.
///
/// Constructing it does no I/O. Each call works on its caller's thread, one request at a time:
/// callers decide how many run at once, the budget how fast.
public final class OpenAiEmbedder implements Embedder {
  private final OpenAiSettings settings;
  private final Tools tools;
  private final AtomicInteger batchLimit;
  private final Object probing = new Object();
  private volatile int dimension;

  /// What a call works with.
  record Tools(EmbeddingsClient client, TokenCounter counter, RateBudget budget,
      InstantSource clock, RandomGenerator random, Sleeper sleeper) {}

  /// @param budget of the service, shared with all others who call it
  public OpenAiEmbedder(OpenAiSettings settings, RateBudget budget, InstantSource clock,
      RandomGenerator random, Sleeper sleeper) {
    this.settings = settings;
    this.tools = new Tools(new EmbeddingsClient(settings, budget, clock),
        settings.tokenizer().counter(settings.model()), budget, clock, random, sleeper);
    this.batchLimit = new AtomicInteger(settings.batchTexts());
    this.dimension = settings.expectedDimension();
  }

  @Override
  public EmbeddingModel model() {
    return new EmbeddingModel("openai", settings.model(), dimension, settings.chunkLimit());
  }

  @Override
  public Outcome<EmbeddingModel> ready() {
    if (dimension == 0)
      synchronized (probing) { // many threads that begin at once ask once
        if (dimension == 0) {
          Outcome<Integer> probed = call(0, List.of(), (_, _) -> {}).probeDimension();
          if (!(probed instanceof Outcome.Ok<Integer>(var length)))
            return probed.map(_ -> model());
          dimension = length;
        }
      }
    return Outcome.ok(model());
  }

  @Override
  public TokenCounter tokens() {
    return tools.counter();
  }

  @Override
  public int batchSize() {
    return settings.batchTexts();
  }

  @Override
  public Outcome<List<Embedded>> embed(List<String> texts) {
    return embed(texts, (_, _) -> {});
  }

  @Override
  public Outcome<List<Embedded>> embed(List<String> texts, Sink sink) {
    if (texts.isEmpty())
      return Outcome.ok(List.of());
    return ready().flatMap(model -> call(model.dimension(), List.copyOf(texts), sink).run());
  }

  private EmbeddingCall call(int expected, List<String> texts, Sink sink) {
    return new EmbeddingCall(settings, tools, batchLimit, expected, texts, sink);
  }

  @Override
  public void close() {
    tools.client().close();
  }
}

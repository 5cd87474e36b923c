package elysia.worker.openai;

import elysia.core.embed.Embedder.Embedded;
import elysia.core.embed.Embedder.Sink;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Retry;
import elysia.core.rate.RateBudget.Permit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// One call of the embedder: its batches, the tries of each, and the search for a text that spoils
/// a batch. Lives on one thread.
final class EmbeddingCall {
  /// A text that every model embeds: whether the service works at all.
  private static final List<String> PROBE = List.of("text");
  /// Tries of a part of a batch: the whole has had the full number.
  private static final int TRIES_OF_A_PART = 2;

  private final OpenAiSettings settings;
  private final OpenAiEmbedder.Tools tools;
  private final AtomicInteger batchLimit;
  private final int dimension;
  private final List<String> texts;
  private final int[] tokens;
  private final Sink sink;
  private final @Nullable Embedded[] results;
  private Duration waited = Duration.ZERO;
  private int rejected;
  private boolean proven;

  EmbeddingCall(OpenAiSettings settings, OpenAiEmbedder.Tools tools, AtomicInteger batchLimit,
      int dimension, List<String> texts, Sink sink) {
    this.settings = settings;
    this.tools = tools;
    this.batchLimit = batchLimit;
    this.dimension = dimension;
    this.texts = texts;
    this.tokens = texts.stream().mapToInt(this::cost).toArray();
    this.sink = sink;
    this.results = new @Nullable Embedded[texts.size()];
  }

  private int cost(String text) {
    return tools.counter().count(text) + tools.counter().special();
  }

  Outcome<List<Embedded>> run() {
    for (int from = 0; from < texts.size();) {
      int to = batchEnd(from);
      Optional<Outcome<List<Embedded>>> end = embed(from, to, settings.tries());
      if (end.isPresent())
        return end.get();
      from = to;
    }
    List<Embedded> all = new ArrayList<>(results.length);
    for (Embedded result : results)
      if (result != null)
        all.add(result);
    if (all.size() != results.length)
      throw new IllegalStateException(all.size() + " results for " + results.length + " texts");
    return Outcome.ok(List.copyOf(all));
  }

  /// As many texts as a request may have, but at least one.
  private int batchEnd(int from) {
    int last = Math.min(texts.size(), from + batchLimit.get());
    long sum = tokens[from];
    int to = from + 1;
    while (to < last && sum + tokens[to] <= settings.batchTokens())
      sum += tokens[to++];
    return to;
  }

  /// Embeds the texts `[from, to)`.
  ///
  /// @return what ends the whole call; empty when each of the texts has its result
  private Optional<Outcome<List<Embedded>>> embed(int from, int to, int tries) {
    return switch (ask(texts.subList(from, to), tokens(from, to), dimension, tries)) {
      case EmbeddingsResult.Done(var vectors) -> {
        proven = true;
        for (int i = 0; i < vectors.size(); i++)
          deliver(from + i, vectors.get(i));
        yield Optional.empty();
      }
      case EmbeddingsResult.Unwanted(var reason) when to - from > 1 -> {
        int before = rejected;
        var end = halves(from, to);
        if (end.isEmpty() && rejected == before) // it was the size
          batchLimit.accumulateAndGet((to - from + 1) / 2, Math::min);
        yield end;
      }
      case EmbeddingsResult.Unwanted(var reason) -> {
        if (!proven) {
          var end = probe();
          if (end.isPresent())
            yield end;
        }
        deliver(from, new Embedded.Rejected(reason));
        yield Optional.empty();
      }
      case EmbeddingsResult.Failed(var reason, var byContent) when byContent && !interrupted() ->
        suspect(from, to, reason);
      case EmbeddingsResult other -> Optional.of(ended(other));
    };
  }

  private Optional<Outcome<List<Embedded>>> halves(int from, int to) {
    int middle = (from + to) >>> 1;
    var end = embed(from, middle, TRIES_OF_A_PART);
    return end.isPresent() ? end : embed(middle, to, TRIES_OF_A_PART);
  }

  /// The service fails on these texts: with one of them, or altogether.
  private Optional<Outcome<List<Embedded>>> suspect(int from, int to, String reason) {
    if (!(ask(PROBE, 1, dimension, 1) instanceof EmbeddingsResult.Done))
      return Optional.of(new Outcome.Busy<>("embedder_unavailable", reason));
    if (to - from > 1)
      return halves(from, to);
    // the fault may have passed between the text's tries and the probe
    return switch (ask(texts.subList(from, to), tokens(from, to), dimension, 1)) {
      case EmbeddingsResult.Done(var vectors) -> {
        deliver(from, vectors.getFirst());
        yield Optional.empty();
      }
      case EmbeddingsResult.Failed(var rejection, _) when !interrupted() -> {
        deliver(from, new Embedded.Rejected(rejection));
        yield Optional.empty();
      }
      case EmbeddingsResult.Unwanted(var rejection) -> {
        deliver(from, new Embedded.Rejected(rejection));
        yield Optional.empty();
      }
      case EmbeddingsResult other -> Optional.of(ended(other));
    };
  }

  /// When nothing was embedded yet, a refused text may be a refused request: then a harmless text
  /// is refused as well.
  private Optional<Outcome<List<Embedded>>> probe() {
    return switch (ask(PROBE, 1, dimension, TRIES_OF_A_PART)) {
      case EmbeddingsResult.Done _ -> {
        proven = true;
        yield Optional.empty();
      }
      case EmbeddingsResult other -> Optional.of(ended(other));
    };
  }

  /// How long the model's vectors are.
  Outcome<Integer> probeDimension() {
    return switch (ask(PROBE, 1, 0, settings.tries())) {
      case EmbeddingsResult.Done(var vectors) when vectors
          .getFirst() instanceof Embedded.Vector(var embedding) ->
        Outcome.ok(embedding.dimension());
      case EmbeddingsResult.Done _ ->
        Outcome.refused("embeddings_model", settings.host() + " gives no usable"
            + " vector for a plain text by model " + settings.model(), "choose another model");
      case EmbeddingsResult other -> ended(other);
    };
  }

  /// One request, tried again while a fault may pass soon.
  private EmbeddingsResult ask(List<String> batch, long cost, int expected, int tries) {
    for (int failed = 1;; failed++) {
      Instant asked = tools.clock().instant();
      Permit permit = tools.budget().acquire(1, cost, rest());
      Duration took = Duration.between(asked, tools.clock().instant());
      waited = took.isNegative() ? waited : waited.plus(took); // the clock may have been set back
      if (permit instanceof Permit.Wait(var time, var reason))
        return new EmbeddingsResult.Throttled(Optional.of(time), reason);
      EmbeddingsResult answer = tools.client().post(batch, expected);
      switch (answer) {
        case EmbeddingsResult.Throttled(var asks, var reason) -> {
          Duration time = pause(asks, failed);
          tools.budget().throttled(time, reason);
          if (failed >= tries || time.compareTo(rest()) > 0)
            return new EmbeddingsResult.Throttled(Optional.of(time), reason);
        }
        case EmbeddingsResult.Failed _ -> {
          if (failed >= tries || !slept(
              Retry.delay(settings.retry(), failed, Optional.empty(), tools.random())))
            return answer;
        }
        case EmbeddingsResult.Done _,EmbeddingsResult.Unwanted _,EmbeddingsResult.Refused _ -> {
          return answer;
        }
      }
    }
  }

  /// What this call may still wait for rate limits.
  private Duration rest() {
    Duration rest = settings.shortWait().minus(waited);
    return rest.isNegative() ? Duration.ZERO : rest;
  }

  private Duration pause(Optional<Duration> asked, int failed) {
    Duration time = Retry.delay(settings.retry(), failed, asked, tools.random());
    Duration longest = settings.rate().longestPause();
    return time.compareTo(longest) > 0 ? longest : time;
  }

  private boolean slept(Duration time) {
    if (interrupted())
      return false;
    try {
      tools.sleeper().sleep(time);
      return true;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static boolean interrupted() {
    return Thread.currentThread().isInterrupted();
  }

  private long tokens(int from, int to) {
    return IntStream.range(from, to).mapToLong(i -> tokens[i]).sum();
  }

  private void deliver(int index, Embedded result) {
    if (result instanceof Embedded.Rejected)
      rejected++;
    results[index] = result;
    sink.done(index, result);
  }

  private <T> Outcome<T> ended(EmbeddingsResult answer) {
    return switch (answer) {
      case EmbeddingsResult.Throttled(var time, var reason) ->
        new Outcome.Busy<>("embedder_unavailable", reason, time);
      case EmbeddingsResult.Failed(var reason, _) ->
        new Outcome.Busy<>("embedder_unavailable", reason);
      case EmbeddingsResult.Refused(var problem) -> new Outcome.Refused<>(problem);
      case EmbeddingsResult.Unwanted(var reason) -> Outcome.refused("embeddings_refused", reason,
          "check model, dimension and encoding for " + settings.host());
      case EmbeddingsResult.Done _ ->
        throw new IllegalStateException("an answer that ends no call");
    };
  }
}

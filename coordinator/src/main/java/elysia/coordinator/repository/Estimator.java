package elysia.coordinator.repository;

import elysia.coordinator.sync.PlanTotals;
import elysia.coordinator.sync.SyncPlan;
import elysia.core.chunk.Chunk;
import elysia.core.chunk.Chunker;
import elysia.core.chunk.Chunker.Chunking;
import elysia.core.embed.Embedding;
import elysia.core.embed.TokenCounter;
import elysia.core.outcome.Outcome;
import elysia.core.repository.Estimate;
import elysia.core.repository.IndexingRules;
import elysia.core.repository.RepositorySettings;
import elysia.core.repository.RepositoryStatus.Discovery;
import elysia.core.source.Changes;
import elysia.core.source.Source;
import elysia.core.source.SourceChange;
import elysia.core.store.VectorStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Finds what adding a repository would cost, net of the vectors that the index has already. Writes
/// nothing to the index; a remote repository is cloned into the cache. Blocks its thread.
public final class Estimator {
  private static final int GROUP_FILES = 100;
  private static final long GROUP_BYTES = 2_000_000;

  private final Source source;
  private final VectorStore store;
  private final Chunker chunker;
  private final TokenCounter tokens;
  private final double chunksPerSecond;
  private final Optional<Double> pricePerMillionTokens;

  /// @param chunksPerSecond what the embedder is expected to do
  /// @param pricePerMillionTokens in US dollars, when known
  public Estimator(Source source, VectorStore store, Chunker chunker, TokenCounter tokens,
      double chunksPerSecond, Optional<Double> pricePerMillionTokens) {
    this.source = source;
    this.store = store;
    this.chunker = chunker;
    this.tokens = tokens;
    this.chunksPerSecond = chunksPerSecond;
    this.pricePerMillionTokens = pricePerMillionTokens;
  }

  Outcome<Estimate> estimate(RepositorySettings settings) {
    return source.pull(settings.source()).flatMap(pulled -> {
      SyncPlan plan = new SyncPlan(settings.source(), settings.collection(), settings.model(),
          settings.rules(), Optional.empty(), pulled.commit(), List.of(),
          Optional.empty(), false);
      return PlanTotals.of(plan, source).flatMap(totals -> {
        if (pulled.commit().isEmpty())
          return Outcome.ok(new Tally().estimate(settings, "", totals));
        return source.changes(settings.source(), Optional.empty(), pulled.commit().get())
            .flatMap(changes -> {
              try (Changes open = changes) {
                Tally tally = new Tally();
                return walk(open, settings, tally)
                    .map(_ -> tally.estimate(settings, pulled.commit().get(), totals));
              }
            });
      });
    });
  }

  private Outcome<Boolean> walk(Changes changes, RepositorySettings settings, Tally tally) {
    IndexingRules.Matcher rules = settings.rules().matcher();
    List<SourceChange.Put> group = new ArrayList<>();
    long bytes = 0;
    while (true) {
      Outcome<Optional<SourceChange>> read = changes.next();
      if (!(read instanceof Outcome.Ok<Optional<SourceChange>>(var change)))
        return read.map(_ -> false);
      if (change.isPresent() && change.get() instanceof SourceChange.Put put
          && rules.skip(put.path(), put.size()).isEmpty()) {
        group.add(put);
        bytes += put.size();
      }
      if (change.isEmpty() || group.size() >= GROUP_FILES || bytes >= GROUP_BYTES) {
        Outcome<Boolean> looked = look(changes, group, settings, tally);
        if (!(looked instanceof Outcome.Ok))
          return looked;
        group = new ArrayList<>();
        bytes = 0;
      }
      if (change.isEmpty())
        return Outcome.ok(true);
    }
  }

  private Outcome<Boolean> look(Changes changes, List<SourceChange.Put> group,
      RepositorySettings settings, Tally tally) {
    if (group.isEmpty())
      return Outcome.ok(true);
    return changes.contents(group).flatMap(contents -> {
      Map<String, String> texts = new TreeMap<>();
      for (int i = 0; i < group.size(); i++) {
        switch (chunker.chunk(group.get(i).path(), contents.get(i))) {
          case Chunking.Skipped(var reason, _) ->
            tally.skipped.merge(reason.label(), 1L, Long::sum);
          case Chunking.Chunks(_, var chunks, _) -> {
            tally.files++;
            tally.chunks += chunks.size();
            for (Chunk chunk : chunks)
              texts.put(chunk.vectorHash(), chunk.embeddedText());
          }
        }
      }
      texts.keySet().removeAll(tally.seen);
      return known(settings, texts.keySet()).map(known -> {
        texts.forEach((hash, text) -> {
          if (tally.seen.size() < Tally.MAX_SEEN)
            tally.seen.add(hash);
          if (known.contains(hash))
            return;
          tally.toEmbed++;
          tally.tokens += tokens.count(text) + tokens.special();
        });
        return true;
      });
    });
  }

  /// A collection that does not exist yet has no vectors; the store may know them from another.
  private Outcome<Set<String>> known(RepositorySettings settings, Set<String> hashes) {
    if (hashes.isEmpty())
      return Outcome.ok(Set.of());
    Outcome<Map<String, Embedding>> found = store.vectors(settings.collection(), settings.model(),
        Set.copyOf(hashes));
    return found instanceof Outcome.Refused<Map<String, Embedding>>
        ? Outcome.ok(Set.of())
        : found.map(vectors -> Set.copyOf(vectors.keySet()));
  }

  /// Sums of one estimate.
  private final class Tally {
    /// Hashes remembered to count a text once: 64 digits each, so bounded.
    private static final int MAX_SEEN = 200_000;

    private final Map<String, Long> skipped = new TreeMap<>();
    private final Set<String> seen = new HashSet<>();
    private long files;
    private long chunks;
    private long toEmbed;
    private long tokens;

    Estimate estimate(RepositorySettings settings, String commit, PlanTotals totals) {
      totals.skipped().forEach((reason, n) -> skipped.merge(reason, n, Long::sum));
      double seconds = toEmbed / chunksPerSecond;
      long found = totals.languages().values().stream().mapToLong(Long::longValue).sum();
      Discovery discovery = new Discovery(found, totals.folders(), totals.bytes(),
          totals.languages(), totals.projectType(), totals.skipped(), chunks,
          (long) Math.ceil(seconds));
      return new Estimate(settings.name().value(), settings.collection().value(), commit, discovery,
          files, skipped, chunks, toEmbed, tokens, seconds,
          pricePerMillionTokens.map(price -> price * tokens / 1e6));
    }
  }
}

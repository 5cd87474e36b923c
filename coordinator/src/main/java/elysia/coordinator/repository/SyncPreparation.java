package elysia.coordinator.repository;

import elysia.coordinator.sync.PlanTotals;
import elysia.coordinator.sync.SyncPlan;
import elysia.core.chunk.Chunker;
import elysia.core.identity.FilePath;
import elysia.core.identity.Sha256;
import elysia.core.outcome.Outcome;
import elysia.core.repository.FileFailure;
import elysia.core.repository.RepositorySettings;
import elysia.core.repository.RepositoryStatus.Discovery;
import elysia.core.source.Pulled;
import elysia.core.source.Source;
import elysia.core.store.CollectionInfo;
import elysia.core.store.VectorStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Decides what a sync is to do and how much that is. Blocks its thread.
final class SyncPreparation {
  /// @param plan what is to be done
  /// @param totals how much that is
  /// @param indexing fingerprint of what the plan indexes and how it is cut
  /// @param discovery what was found in the tree, when everything is listed
  record Prepared(SyncPlan plan, PlanTotals totals, String indexing,
      Optional<Discovery> discovery) {}

  static final String COMMIT_GONE = "commit_gone";

  /// Bytes of source text in a chunk, before anything is measured for a repository: the mean of the
  /// corpora that the benchmarks index.
  private static final long BYTES_PER_CHUNK = 700;

  private final Source source;
  private final VectorStore store;
  private final Chunker chunker;
  private final double chunksPerSecond;

  /// @param chunksPerSecond what the embedder is expected to do, for estimates
  SyncPreparation(Source source, VectorStore store, Chunker chunker, double chunksPerSecond) {
    this.source = source;
    this.store = store;
    this.chunker = chunker;
    this.chunksPerSecond = chunksPerSecond;
  }

  /// Changes whenever another set of files or other chunks would be made of the same tree.
  String indexing(RepositorySettings settings) {
    return Sha256.hex(settings.rules().fingerprint() + " " + chunker.version() + " "
        + settings.model() + " " + settings.collection()).substring(0, 16);
  }

  /// A new sync to what was pulled.
  Outcome<Prepared> fresh(RepositorySettings settings, RepositoryState state, Pulled pulled) {
    return collection(settings).flatMap(existed -> {
      boolean listing = !existed || state.listingDue(indexing(settings));
      Optional<String> from = listing || pulled.commit().isEmpty()
          ? Optional.empty()
          : state.syncedCommit()
              .filter(commit -> source.reachable(settings.source(), commit));
      List<FilePath> retry = state.failures().stream().map(FileFailure::path).toList();
      return orphans(settings, from).flatMap(orphans -> {
        if (orphans && pulled.commit().isEmpty())
          return emptied(settings);
        SyncPlan plan = new SyncPlan(settings.source(), settings.collection(), settings.model(),
            settings.rules(), from, pulled.commit(), retry, Optional.empty(), orphans);
        return PlanTotals.of(plan, source).map(totals -> new Prepared(plan, totals,
            indexing(settings),
            from.isEmpty() ? Optional.of(discovery(totals)) : Optional.empty()));
      });
    });
  }

  /// Git tells of a repository that lost its references as of one that has no commit yet.
  private static Outcome<Prepared> emptied(RepositorySettings settings) {
    return Outcome.refused("repository_emptied",
        settings.source().location() + ": no commit is there any more; what is indexed stays",
        "look at its HEAD and branches (`git ls-remote`, `git fsck`); if it is meant to be empty, "
            + "`elysiactl repo remove " + settings.name() + "` and add it again");
  }

  /// The sync that was running when the last incarnation ended; refused with `commit_gone` when it
  /// cannot go on.
  Outcome<Prepared> resumed(RepositorySettings settings, RepositoryState.Sync sync,
      List<FileFailure> failures) {
    if (sync.to().isEmpty()) // begun where this emptied an index
      return Outcome.refused(COMMIT_GONE, "the repository had no commit");
    if (!here(settings, sync)) { // another node's clone: make one here
      Outcome<Pulled> pulled = source.pull(settings.source());
      if (!(pulled instanceof Outcome.Ok))
        return pulled.flatMap(_ -> Outcome.refused(COMMIT_GONE, ""));
      if (!here(settings, sync))
        return Outcome.refused(COMMIT_GONE,
            "commit " + sync.to().orElse("") + " is not in the repository any more");
    }
    if (!sync.indexing().equals(indexing(settings)))
      return Outcome.refused(COMMIT_GONE, "what is indexed, or how it is cut, has changed");
    return collection(settings).flatMap(existed -> {
      if (!existed)
        return Outcome.refused(COMMIT_GONE,
            "collection " + settings.collection() + " was deleted meanwhile");
      List<FilePath> retry = failures.stream().map(FileFailure::path).toList();
      SyncPlan plan = new SyncPlan(settings.source(), settings.collection(), settings.model(),
          settings.rules(), sync.from(), sync.to(), retry, sync.through(),
          sync.full());
      return Outcome.ok(
          new Prepared(plan, new PlanTotals(0, 0, 0, Map.of(), Map.of(), ""),
              sync.indexing(), Optional.empty()));
    });
  }

  private boolean here(RepositorySettings settings, RepositoryState.Sync sync) {
    return sync.from().map(commit -> source.reachable(settings.source(), commit)).orElse(true)
        && sync.to().map(commit -> source.reachable(settings.source(), commit)).orElse(true);
  }

  /// Whether it existed; it does afterwards.
  private Outcome<Boolean> collection(RepositorySettings settings) {
    return store.collection(settings.collection()).flatMap(found -> {
      Outcome<CollectionInfo> created = store.create(settings.collection(), settings.model());
      return created.map(_ -> found.isPresent());
    });
  }

  /// Whether a listing may leave something behind. Not asked for a difference of two commits:
  /// counting takes the longer the larger the repository is.
  private Outcome<Boolean> orphans(RepositorySettings settings, Optional<String> from) {
    if (from.isPresent())
      return Outcome.ok(false);
    return store.count(settings.collection(), Optional.of(settings.name()))
        .map(counts -> counts.chunks() > 0);
  }

  private Discovery discovery(PlanTotals totals) {
    long files = totals.languages().values().stream().mapToLong(Long::longValue).sum();
    long chunks = Math.max(files, totals.bytes() / BYTES_PER_CHUNK);
    return new Discovery(files, totals.folders(), totals.bytes(), totals.languages(),
        totals.projectType(), totals.skipped(), chunks,
        (long) Math.ceil(chunks / chunksPerSecond));
  }
}

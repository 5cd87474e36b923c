package elysia.coordinator.repository;

import elysia.coordinator.sync.Checkpoint;
import elysia.core.identity.CollectionName;
import elysia.core.identity.FilePath;
import elysia.core.outcome.Problem;
import elysia.core.repository.FileFailure;
import elysia.core.repository.IndexingRules;
import elysia.core.repository.RepositorySettings;
import elysia.core.repository.RepositoryStatus.Discovery;
import elysia.core.repository.SyncCounts;
import elysia.core.source.SourceSpec;
import elysia.testkit.store.TestChunks;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One of each event, every component filled, and the state that follows from some.
final class Samples {
  static final Instant AT = Instant.parse("2026-03-04T05:06:07.089Z");
  static final RepositorySettings SETTINGS = new RepositorySettings(
      new SourceSpec(TestChunks.REPO, "https://example.org/app.git", Optional.of("main"),
          Optional.of("github")),
      new CollectionName("shared"),
      new IndexingRules(List.of("src/**"), List.of("*.min.js"), 500_000), Optional.of("30m"),
      TestChunks.MODEL);
  static final Problem PROBLEM = new Problem("source_unavailable", "no route", "try later");
  static final FileFailure FAILURE = new FileFailure(new FilePath("src/ä b.txt"), "rejected",
      "too long", 2, AT);
  static final SyncCounts COUNTS = SyncCounts.NONE.withFilesIndexed(1).withFilesRemoved(2)
      .withChunksWritten(3).withChunksUnchanged(4).withChunksRemoved(5).withChunksEmbedded(6)
      .withChunksReused(7).withFilesFailed(8).withFilesSkipped(Map.of("binary", 9L))
      .withStageMillis(Map.of("embed", 10L));
  static final Checkpoint MARK = new Checkpoint(Checkpoint.Phase.PUT, new FilePath("src/b"));
  private static final Discovery DISCOVERY = new Discovery(1, 2, 3, Map.of("java", 4L), "maven",
      Map.of("binary", 5L), 6, 7);

  private Samples() {}

  static List<RepositoryEvent> events() {
    return List.of(new RepositoryEvent.Added(SETTINGS, AT),
        new RepositoryEvent.SettingsChanged(SETTINGS, AT), new RepositoryEvent.Paused(AT),
        new RepositoryEvent.Resumed(AT), new RepositoryEvent.SyncRequested(true, AT),
        new RepositoryEvent.PullFailed(PROBLEM, true, 3, Optional.of(AT.plusSeconds(9)), AT),
        new RepositoryEvent.Checked(Optional.of("main"), Optional.of("c1"), "mgit",
            List.of("note"), Optional.of(new RepositoryState.Request(true)), AT),
        new RepositoryEvent.SyncStarted("s1", Optional.of("c1"), Optional.of("c2"), "f00d",
            Optional.of("main"), "git", List.of("note"), 11, 12, Optional.of(DISCOVERY),
            Optional.of(new RepositoryState.Request(false)), AT),
        new RepositoryEvent.BatchConfirmed("s1", Optional.of(MARK), 2, 30, COUNTS,
            List.of(FAILURE), List.of(new FilePath("cleared")), AT),
        new RepositoryEvent.SyncCompleted("s1", 40, 50, Optional.of(AT.plusSeconds(25)), AT),
        new RepositoryEvent.SyncFailed("s1", PROBLEM, false, 1, Optional.of(AT.plusSeconds(2)),
            AT),
        new RepositoryEvent.SyncAbandoned("s1", "commit is gone", AT),
        new RepositoryEvent.FilesSuspected(List.of(new FilePath("a")), "verify", AT),
        new RepositoryEvent.Verified(true, true, "c2", 1, 2, 3, 4, 5, 6, 7, 8,
            Optional.of("error"), AT, AT.plusSeconds(1)),
        new RepositoryEvent.RemovalRequested(true, AT), new RepositoryEvent.Removed(AT),
        new RepositoryEvent.VerifyRequested(true, true, AT));
  }

  /// In the middle of its second sync, after a failure, to be removed.
  static RepositoryState state() {
    RepositoryState state = RepositoryState.empty();
    List<RepositoryEvent> all = events();
    for (int i : new int[]{0, 7, 8, 9, 4, 6, 7, 8, 4, 2, 12, 10, 14})
      state = state.apply(all.get(i));
    return state;
  }
}

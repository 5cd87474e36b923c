package elysia.core.repository;

import com.fasterxml.jackson.annotation.JsonValue;
import elysia.core.wire.Wire;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The status of a managed repository: the answer of `GET /v1/repositories/{name}` and a line of
/// the list.
///
/// @param detail one sentence for a person: what it does now, what is wrong and what happens next
/// @param syncedCommit the commit to which the index is in step; absent before the first sync
/// @param successRate share of the last syncs (at most 50) that ended well, 0 to 1; absent before
///          the first
/// @param pendingSync a sync was asked for while one ran
/// @param node address of the node on which it lives
public record RepositoryStatus(String name, String location, String collection,
    Optional<String> branch, Optional<String> schedule, List<String> includePattern,
    List<String> excludePattern, long maxFileSize, String vectorizer, String model, State state,
    String detail, boolean paused, boolean pendingSync,
    Optional<String> syncedCommit, Optional<Instant> lastSync, Optional<Instant> lastChecked,
    Optional<Instant> nextSync, Optional<Double> successRate,
    Optional<Long> documents, Optional<Long> chunks, Optional<Progress> progress,
    Optional<LastSync> lastResult, Optional<LastError> trouble, long failures,
    Optional<VerifyReport> verify, List<String> notes, Optional<String> node) implements Wire {

  /// What a repository does, in one word; its label is the word in JSON, metrics and tables.
  public enum State {
    /// Nothing to do.
    IDLE,
    /// Due, and waiting for a free slot of its node or for the end of a lost worker's writes.
    QUEUED,
    /// Being pulled, or its changes being found.
    PULLING, SYNCING,
    /// For the next try.
    WAITING, VERIFYING, PAUSED, REMOVING;

    @JsonValue
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
      return label();
    }
  }

  /// A sync that runs.
  ///
  /// @param mode `full` or `changes`
  /// @param filesTotal changes planned
  /// @param etaSeconds absent until a rate is known
  /// @param discovery what was found in the tree; on a first or full sync
  public record Progress(String syncId, String phase, String mode, Optional<String> from, String to,
      Instant startedAt, long filesDone, long filesTotal, long bytesDone,
      long bytesTotal, double chunksPerSecond, Optional<Long> etaSeconds, SyncCounts counts,
      Optional<String> waiting, Optional<Discovery> discovery) {}

  /// The last sync that ended.
  ///
  /// @param via who pulled: `mgit`, `git` or `local`
  public record LastSync(String syncId, String result, String mode, Optional<String> from,
      String to, String via, Instant startedAt, Instant endedAt,
      SyncCounts counts) {}

  /// What went wrong last, while it lasts.
  ///
  /// @param attempt how many tries in a row have failed
  public record LastError(String code, String message, String hint, int attempt, Instant since,
      Optional<Instant> nextTry) {}

  /// What is in a tree, before it is indexed.
  ///
  /// @param languages files by language
  /// @param projectType such as `maven`, `npm`, `cargo`; empty when none is told
  /// @param estimatedChunks to embed, from a sample
  /// @param estimatedSeconds at the embedder's measured rate
  public record Discovery(long files, long folders, long bytes, Map<String, Long> languages,
      String projectType, Map<String, Long> skipped, long estimatedChunks,
      long estimatedSeconds) {}
}

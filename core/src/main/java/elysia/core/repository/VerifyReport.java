package elysia.core.repository;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The result of a comparison of the index with the tree of the synced commit.
///
/// @param state `running`, `done` or `failed`
/// @param files indexable files of the tree
/// @param chunks that the index should hold
/// @param skipped files of the tree that are not indexable, by reason
/// @param missing chunks that should be in the index and are not
/// @param stale chunks whose content, vector hash or file hash is not that of the tree
/// @param wrongLines chunks right in all but their line range
/// @param extra chunks in the index that the tree does not have
/// @param unsearchable chunks that a search for their own vector does not find; only counted by a
///          deep verify
/// @param repaired files repaired, when that was asked for
/// @param differences the first 1,000
/// @param error why it failed
public record VerifyReport(String state, boolean deep, boolean repair, String commit,
    Instant startedAt, Optional<Instant> endedAt, long files, long chunks,
    Map<String, Long> skipped, long missing, long stale, long wrongLines, long extra,
    long unsearchable, long repaired, List<Difference> differences,
    Optional<String> error) {
  /// How many differences are listed one by one.
  public static final int MAX_DIFFERENCES = 1_000;

  /// One difference.
  ///
  /// @param kind `missing`, `stale`, `wrong_lines`, `extra`, `unsearchable`
  public record Difference(String kind, String path, int chunk, String detail) {}

  public VerifyReport {
    skipped = Map.copyOf(skipped);
    differences = List.copyOf(differences);
  }

  public long total() {
    return missing + stale + wrongLines + extra + unsearchable;
  }
}

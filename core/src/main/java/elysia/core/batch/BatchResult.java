package elysia.core.batch;

import elysia.core.identity.FilePath;
import elysia.core.repository.SyncCounts;
import elysia.core.wire.Wire;
import java.util.List;

/// What a worker did.
///
/// @param failures
///          files that could not be indexed; all others are as asked
public record BatchResult(SyncCounts counts, List<Failure> failures) implements Wire {
  public BatchResult {
    failures = failures == null ? List.of() : List.copyOf(failures);
  }

  /// @param reason
  ///          stable code, a label of metrics
  public record Failure(FilePath path, String reason, String message) implements Wire {}
}

package elysia.core.batch;

import elysia.core.identity.FilePath;
import elysia.core.repository.SyncCounts;
import elysia.core.wire.Wire;
import java.util.List;

/// The result of a batch.
///
/// @param failures files that could not be indexed; all others are as asked
/// @param notes files that were left out, or taken in with a remark; at most as many as the
///          batch has
public record BatchResult(SyncCounts counts, List<Failure> failures,
    List<Note> notes) implements Wire {
  /// Reason of a note about a file that is indexed although some of its bytes are no text.
  public static final String REPLACED_BYTES = "replaced_bytes";

  public BatchResult {
    failures = failures == null ? List.of() : List.copyOf(failures);
    notes = notes == null ? List.of() : List.copyOf(notes);
  }

  public BatchResult(SyncCounts counts, List<Failure> failures) {
    this(counts, failures, List.of());
  }

  /// @param reason [#REPLACED_BYTES], or the label of a [elysia.core.chunk.SkipReason]: then the
  ///          file is not in the index
  /// @param detail for a person; may be empty
  public record Note(FilePath path, String reason, String detail) implements Wire {}

  /// @param reason stable code, a label of metrics
  public record Failure(FilePath path, String reason, String message) implements Wire {}
}

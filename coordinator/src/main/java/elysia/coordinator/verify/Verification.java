package elysia.coordinator.verify;

import elysia.core.identity.FilePath;
import elysia.core.repository.VerifyReport;
import java.util.List;

/// The result of a verify.
///
/// @param differing files with any difference, at most [#MAX_FILES]
/// @param more there are more
public record Verification(VerifyReport report, List<FilePath> differing, boolean more) {
  /// How many differing files are named: as many as a repository remembers to write again.
  public static final int MAX_FILES = 1_000;

  public Verification {
    differing = List.copyOf(differing);
  }
}

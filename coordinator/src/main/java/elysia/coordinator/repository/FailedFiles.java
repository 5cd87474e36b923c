package elysia.coordinator.repository;

import elysia.core.identity.FilePath;
import elysia.core.repository.FileFailure;
import elysia.core.wire.Wire;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The files of a repository that failed or may be wrong in the index, bounded.
///
/// @param files by path, oldest first; at most [#MAX]
/// @param forgotten more failed than are remembered: the next sync lists everything
record FailedFiles(List<FileFailure> files, boolean forgotten) implements Wire {
  static final int MAX = 1_000;
  static final FailedFiles NONE = new FailedFiles(List.of(), false);

  FailedFiles {
    files = files == null ? List.of() : List.copyOf(files);
  }

  /// @param failures replace what was known of their files
  /// @param cleared files that are right again
  FailedFiles after(List<FileFailure> failures, List<FilePath> cleared) {
    if (failures.isEmpty() && cleared.isEmpty())
      return this;
    Map<FilePath, FileFailure> byPath = byPath();
    cleared.forEach(byPath::remove);
    for (FileFailure failure : failures)
      byPath.put(failure.path(), failure);
    return bounded(byPath);
  }

  FailedFiles suspected(List<FilePath> paths, String reason, Instant at) {
    Map<FilePath, FileFailure> byPath = byPath();
    for (FilePath path : paths)
      byPath.putIfAbsent(path,
          new FileFailure(path, reason, "looked at again by the next sync", 0, at));
    return bounded(byPath);
  }

  /// A listing of everything finds what was forgotten.
  FailedFiles remembered() {
    return new FailedFiles(files, false);
  }

  Map<FilePath, FileFailure> byPath() {
    Map<FilePath, FileFailure> byPath = new LinkedHashMap<>();
    for (FileFailure failure : files)
      byPath.put(failure.path(), failure);
    return byPath;
  }

  private FailedFiles bounded(Map<FilePath, FileFailure> byPath) {
    return new FailedFiles(byPath.values().stream().limit(MAX).toList(),
        forgotten || byPath.size() > MAX);
  }
}

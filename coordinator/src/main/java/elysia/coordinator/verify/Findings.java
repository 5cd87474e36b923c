package elysia.coordinator.verify;

import elysia.core.identity.FilePath;
import elysia.core.repository.VerifyReport;
import elysia.core.repository.VerifyReport.Difference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The differences that a verify has found: all counted, the first of them kept.
final class Findings {
  private final Map<String, Long> counts;
  private final List<Difference> differences;
  private final Set<FilePath> differing;
  private boolean more;

  Findings() {
    counts = new HashMap<>();
    differences = new ArrayList<>();
    differing = new LinkedHashSet<>();
  }

  Findings(Findings before) {
    counts = new HashMap<>(before.counts);
    differences = new ArrayList<>(before.differences);
    differing = new LinkedHashSet<>(before.differing);
    more = before.more;
  }

  void add(String kind, FilePath path, int chunk, String detail) {
    counts.merge(kind, 1L, Long::sum);
    if (differences.size() < VerifyReport.MAX_DIFFERENCES)
      differences.add(new Difference(kind, path.value(), chunk, detail));
    if (differing.contains(path))
      return;
    if (differing.size() < Verification.MAX_FILES)
      differing.add(path);
    else
      more = true;
  }

  long count(String kind) {
    return counts.getOrDefault(kind, 0L);
  }

  List<Difference> differences() {
    return List.copyOf(differences);
  }

  /// The files concerned, as many as one repair writes.
  List<FilePath> differing() {
    return List.copyOf(differing);
  }

  /// Whether more files differ than those.
  boolean more() {
    return more;
  }
}

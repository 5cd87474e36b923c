package elysia.coordinator.sync;

import elysia.core.chunk.Language;
import elysia.core.chunk.SkipReason;
import elysia.core.identity.FilePath;
import elysia.core.outcome.Outcome;
import elysia.core.repository.IndexingRules;
import elysia.core.source.Changes;
import elysia.core.source.Source;
import elysia.core.source.SourceChange;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The size of a plan, found by going through it once without reading contents.
///
/// @param files changes, skipped ones included
/// @param bytes of content to read
/// @param folders that hold indexable files
/// @param languages indexable files by language
/// @param skipped files left out by path, size or kind, by reason label
/// @param projectType told by a build file in the root; empty when none is
public record PlanTotals(long files, long bytes, long folders, Map<String, Long> languages,
    Map<String, Long> skipped, String projectType) {
  private static final int MAX_FOLDERS = 100_000;

  /// Goes through the plan.
  public static Outcome<PlanTotals> of(SyncPlan plan, Source source) {
    if (plan.to().isEmpty())
      return Outcome.ok(new PlanTotals(0, 0, 0, Map.of(), Map.of(), ""));
    return source.changes(plan.source(), plan.from(), plan.to().get()).flatMap(changes -> {
      try (Changes open = changes) {
        return count(open, plan.rules().matcher(), plan.retry().size());
      }
    });
  }

  private static Outcome<PlanTotals> count(Changes changes, IndexingRules.Matcher rules,
      long retries) {
    long files = retries;
    long bytes = 0;
    Set<String> folders = new HashSet<>();
    Map<String, Long> languages = new TreeMap<>();
    Map<String, Long> skipped = new TreeMap<>();
    String projectType = "";
    while (true) {
      Outcome<Optional<SourceChange>> read = changes.next();
      if (!(read instanceof Outcome.Ok<Optional<SourceChange>>(var change)))
        return read.map(_ -> new PlanTotals(0, 0, 0, Map.of(), Map.of(), ""));
      if (change.isEmpty())
        return Outcome
            .ok(new PlanTotals(files, bytes, folders.size(), languages, skipped, projectType));
      files++;
      switch (change.get()) {
        case SourceChange.Put put -> {
          Optional<SkipReason> skip = rules.skip(put.path(), put.size());
          if (skip.isPresent())
            skipped.merge(skip.get().label(), 1L, Long::sum);
          else {
            bytes += put.size();
            languages.merge(Language.of(put.path()), 1L, Long::sum);
            if (folders.size() < MAX_FOLDERS)
              folders.add(folder(put.path()));
            if (projectType.isEmpty())
              projectType = ProjectType.of(put.path());
          }
        }
        case SourceChange.Remove(_, var reason) ->
          reason.ifPresent(r -> skipped.merge(r.label(), 1L, Long::sum));
      }
    }
  }

  private static String folder(FilePath path) {
    int slash = path.value().lastIndexOf('/');
    return slash < 0 ? "" : path.value().substring(0, slash);
  }
}

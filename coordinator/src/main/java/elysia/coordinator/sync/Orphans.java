package elysia.coordinator.sync;

import elysia.core.identity.FilePath;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Unit;
import elysia.core.repository.IndexingRules;
import elysia.core.source.Source;
import elysia.core.source.SourceChange;
import elysia.core.store.ChunkHeader;
import elysia.core.store.VectorStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Finds the paths that the index holds and the tree, by the rules, does not have.
///
/// The index is listed once and its paths are looked up in the tree a thousand at a time, so that
/// memory is bounded by the number of orphans, not of files.
final class Orphans {
  private static final int LOOKUP = 1_000;

  private final SyncPlan plan;
  private final Source source;
  private final VectorStore store;
  private final IndexingRules.Matcher rules;
  private final int batch;
  private final Deque<FilePath> found = new ArrayDeque<>();
  private boolean listed;

  Orphans(SyncPlan plan, Source source, VectorStore store, IndexingRules.Matcher rules,
      int batch) {
    this.plan = plan;
    this.source = source;
    this.store = store;
    this.rules = rules;
    this.batch = batch;
  }

  boolean ended() {
    return listed && found.isEmpty();
  }

  /// The next paths to remove; none at the end.
  Outcome<List<FilePath>> next() {
    if (!listed) {
      Outcome<Unit> outcome = list();
      if (!(outcome instanceof Outcome.Ok))
        return outcome.map(_ -> List.of());
      listed = true;
    }
    List<FilePath> next = new ArrayList<>();
    while (next.size() < batch && !found.isEmpty())
      next.add(found.removeFirst());
    return Outcome.ok(next);
  }

  /// The visitor cannot answer, so a failed lookup is kept and every later path is passed over.
  private static final class Visit {
    private Outcome<Unit> outcome = Unit.ok();
  }

  private Outcome<Unit> list() {
    Set<FilePath> pending = new LinkedHashSet<>();
    Set<FilePath> gone = new LinkedHashSet<>();
    Visit visit = new Visit();
    Outcome<Unit> outcome = store.list(plan.collection(), plan.source().name(),
        (ChunkHeader header) -> {
          if (gone.contains(header.path()) || !(visit.outcome instanceof Outcome.Ok))
            return;
          pending.add(header.path());
          if (pending.size() >= LOOKUP)
            visit.outcome = lookUp(pending, gone);
        });
    if (outcome instanceof Outcome.Ok && visit.outcome instanceof Outcome.Ok && !pending.isEmpty())
      visit.outcome = lookUp(pending, gone);
    found.addAll(gone);
    return outcome instanceof Outcome.Ok ? visit.outcome : outcome;
  }

  private Outcome<Unit> lookUp(Set<FilePath> pending, Set<FilePath> gone) {
    if (plan.to().isEmpty()) {
      gone.addAll(pending);
      pending.clear();
      return Unit.ok();
    }
    Outcome<List<SourceChange>> looked = source.lookup(plan.source(), plan.to().get(),
        List.copyOf(pending));
    pending.clear();
    return looked.map(changes -> {
      for (SourceChange change : changes)
        if (!(change instanceof SourceChange.Put put
            && rules.skip(put.path(), put.size()).isEmpty()))
          gone.add(change.path());
      return Unit.UNIT;
    });
  }
}

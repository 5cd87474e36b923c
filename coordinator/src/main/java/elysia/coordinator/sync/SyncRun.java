package elysia.coordinator.sync;

import elysia.core.batch.FileContent;
import elysia.core.batch.FileTask;
import elysia.core.chunk.SkipReason;
import elysia.core.identity.FilePath;
import elysia.core.outcome.Outcome;
import elysia.core.repository.IndexingRules;
import elysia.core.source.Changes;
import elysia.core.source.Source;
import elysia.core.source.SourceChange;
import elysia.core.store.VectorStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Gives out a plan's batches one by one, in bounded memory. One thread at a time; blocks it. Close
/// it to end its processes.
public final class SyncRun implements AutoCloseable {
  /// What comes next.
  public sealed interface Step {
    record Ready(PlannedBatch batch) implements Step {}

    /// Ask again once every batch given out so far is confirmed: what follows removes.
    record Drain() implements Step {}

    record End() implements Step {}
  }

  private final SyncPlan plan;
  private final Source source;
  private final VectorStore store;
  private final BatchLimits limits;
  private final IndexingRules.Matcher rules;
  private Checkpoint.Phase phase = Checkpoint.Phase.RETRY;
  private List<SourceChange> retries = List.of();
  private boolean started;
  private boolean drained;
  private @Nullable Changes changes;
  private @Nullable SourceChange ahead;
  private @Nullable Orphans orphans;

  public SyncRun(SyncPlan plan, Source source, VectorStore store, BatchLimits limits) {
    this.plan = plan;
    this.source = source;
    this.store = store;
    this.limits = limits;
    this.rules = plan.rules().matcher();
  }

  /// The next batch. After anything but `Ok` the run is to be closed and opened again.
  public Outcome<Step> next() {
    if (!started) {
      started = true;
      Outcome<Boolean> opened = open();
      if (!(opened instanceof Outcome.Ok))
        return opened.map(_ -> new Step.End());
    }
    if (phase == Checkpoint.Phase.RETRY) {
      Outcome<Optional<PlannedBatch>> batch = fill();
      if (!(batch instanceof Outcome.Ok<Optional<PlannedBatch>>(var ready)))
        return batch.map(_ -> new Step.End());
      if (ready.isPresent())
        return Outcome.ok(new Step.Ready(ready.get()));
      phase = Checkpoint.Phase.PUT;
    }
    if (phase == Checkpoint.Phase.PUT || phase == Checkpoint.Phase.REMOVE)
      return changesStep();
    return orphansStep();
  }

  private Outcome<Step> changesStep() {
    Outcome<Optional<SourceChange>> peeked = peek();
    if (!(peeked instanceof Outcome.Ok<Optional<SourceChange>>(var change)))
      return peeked.map(_ -> new Step.End());
    if (change.isEmpty()) {
      close();
      phase = Checkpoint.Phase.ORPHAN;
      return orphansStep();
    }
    if (phase == Checkpoint.Phase.PUT && change.get() instanceof SourceChange.Remove) {
      phase = Checkpoint.Phase.REMOVE;
      return Outcome.ok(new Step.Drain());
    }
    return fill().map(batch -> batch.<Step>map(Step.Ready::new).orElse(new Step.Drain()));
  }

  private Outcome<Step> orphansStep() {
    if (!plan.orphans() || (orphans != null && orphans.ended()))
      return Outcome.ok(new Step.End());
    if (!drained) {
      drained = true;
      return Outcome.ok(new Step.Drain());
    }
    if (orphans == null)
      orphans = new Orphans(plan, source, store, rules, limits.files());
    return orphans.next().map(paths -> {
      if (paths.isEmpty())
        return new Step.End();
      List<FileTask> removes = new ArrayList<>();
      for (FilePath path : paths)
        removes.add(new FileTask.Remove(path));
      return new Step.Ready(new PlannedBatch(Optional.empty(), removes, 0, 0, Map.of()));
    });
  }

  private Outcome<Boolean> open() {
    if (plan.to().isEmpty())
      return Outcome.ok(true);
    String to = plan.to().get();
    Outcome<List<SourceChange>> looked = plan.retry().isEmpty()
        ? Outcome.ok(List.of())
        : source.lookup(plan.source(), to, plan.retry());
    if (!(looked instanceof Outcome.Ok<List<SourceChange>>(var found)))
      return looked.map(_ -> false);
    retries = new ArrayList<>(
        found.stream().sorted(Comparator.comparing(SourceChange::path)).toList());
    Outcome<Changes> opened = source.changes(plan.source(), plan.from(), to);
    if (opened instanceof Outcome.Ok<Changes>(var open))
      changes = open;
    return opened.map(_ -> true);
  }

  /// The next change of the plan that is not done yet; empty at the end of its part.
  private Outcome<Optional<SourceChange>> peek() {
    while (ahead == null) {
      Outcome<Optional<SourceChange>> read = read();
      if (!(read instanceof Outcome.Ok<Optional<SourceChange>>(var change)) || change.isEmpty())
        return read;
      if (!done(change.get()))
        ahead = change.get();
    }
    return Outcome.ok(Optional.of(ahead));
  }

  private Outcome<Optional<SourceChange>> read() {
    if (phase == Checkpoint.Phase.RETRY)
      return Outcome.ok(retries.isEmpty() ? Optional.empty() : Optional.of(retries.removeFirst()));
    return changes == null ? Outcome.ok(Optional.empty()) : changes.next();
  }

  private boolean done(SourceChange change) {
    return plan.after().isPresent() && checkpointOf(change).compareTo(plan.after().get()) <= 0;
  }

  private Checkpoint checkpointOf(SourceChange change) {
    Checkpoint.Phase place = phase == Checkpoint.Phase.RETRY
        ? phase
        : change instanceof SourceChange.Put ? Checkpoint.Phase.PUT : Checkpoint.Phase.REMOVE;
    return new Checkpoint(place, change.path());
  }

  /// Collects changes of this phase up to the limits, then reads their contents at once.
  private Outcome<Optional<PlannedBatch>> fill() {
    List<SourceChange.Put> puts = new ArrayList<>();
    List<Object> order = new ArrayList<>();
    List<FilePath> renamed = new ArrayList<>();
    Map<String, Long> skipped = new TreeMap<>();
    long bytes = 0;
    long files = 0;
    Checkpoint through = null;
    while (files < limits.files()) {
      Outcome<Optional<SourceChange>> peeked = peek();
      if (!(peeked instanceof Outcome.Ok<Optional<SourceChange>>(var next)))
        return peeked.map(_ -> Optional.empty());
      if (next.isEmpty()
          || (phase == Checkpoint.Phase.PUT && next.get() instanceof SourceChange.Remove))
        break;
      SourceChange change = next.get();
      Optional<SkipReason> skip = skip(change);
      if (change instanceof SourceChange.Put put && skip.isEmpty()) {
        if (files > 0 && bytes + put.size() > limits.bytes())
          break;
        bytes += put.size();
        puts.add(put);
        order.add(put);
      } else {
        skip.ifPresent(reason -> skipped.merge(reason.label(), 1L, Long::sum));
        if (!listing() || phase == Checkpoint.Phase.RETRY)
          order.add(change.path());
      }
      if (change instanceof SourceChange.Put put)
        put.renamedFrom().ifPresent(renamed::add);
      through = checkpointOf(change);
      files++;
      ahead = null;
    }
    if (through == null)
      return Outcome.ok(Optional.empty());
    Checkpoint last = through;
    long planned = files;
    Map<String, Long> left = skipped;
    return gone(renamed).flatMap(gone -> {
      order.addAll(gone);
      return contents(puts).map(contents -> Optional.of(new PlannedBatch(Optional.of(last),
          tasks(order, contents), planned, sum(puts), left)));
    });
  }

  /// Of the former paths of renamed files, those that no other file has taken.
  private Outcome<List<FilePath>> gone(List<FilePath> renamed) {
    if (renamed.isEmpty() || plan.to().isEmpty())
      return Outcome.ok(List.of());
    return source.lookup(plan.source(), plan.to().get(), renamed)
        .map(now -> now.stream().filter(SourceChange.Remove.class::isInstance)
            .map(SourceChange::path).toList());
  }

  private Outcome<List<byte[]>> contents(List<SourceChange.Put> puts) {
    Changes open = changes;
    return puts.isEmpty() || open == null ? Outcome.ok(List.of()) : open.contents(puts);
  }

  /// In a listing nothing needs removing on the way: the orphans are found at the end.
  private boolean listing() {
    return plan.from().isEmpty();
  }

  private Optional<SkipReason> skip(SourceChange change) {
    return switch (change) {
      case SourceChange.Put put -> rules.skip(put.path(), put.size());
      case SourceChange.Remove(_, var reason) -> reason;
    };
  }

  private static long sum(List<SourceChange.Put> puts) {
    return puts.stream().mapToLong(SourceChange.Put::size).sum();
  }

  private static List<FileTask> tasks(List<Object> order, List<byte[]> contents) {
    List<FileTask> tasks = new ArrayList<>(order.size());
    int put = 0;
    for (Object entry : order) {
      if (entry instanceof SourceChange.Put p) {
        tasks.add(new FileTask.Index(p.path(), FileContent.of(contents.get(put++))));
      } else if (entry instanceof FilePath path)
        tasks.add(new FileTask.Remove(path));
    }
    return tasks;
  }

  @Override
  public void close() {
    if (changes != null)
      changes.close();
    changes = null;
  }
}

package elysia.coordinator.sync;

import elysia.core.batch.FileContent;
import elysia.core.chunk.SkipReason;
import elysia.core.identity.FilePath;
import elysia.core.identity.Sha256;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Unit;
import elysia.core.source.Changes;
import elysia.core.source.Pulled;
import elysia.core.source.Source;
import elysia.core.source.SourceChange;
import elysia.core.source.SourceSpec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A repository in memory: commits are trees, a diff is what differs between two of them, and any
/// call can be made to fail. Thread-safe.
public final class FakeSource implements Source {
  /// @param odd in the tree, but no file to index
  private record Entry(FileContent content, Optional<SkipReason> odd) {}

  private final Map<String, NavigableMap<FilePath, Entry>> trees = new HashMap<>();
  private final Map<String, NavigableMap<FilePath, Entry>> elsewhere = new HashMap<>();
  private final Map<String, Map<FilePath, FilePath>> renames = new HashMap<>();
  private final Deque<Outcome<Pulled>> pulls = new ArrayDeque<>();
  private Optional<String> head = Optional.empty();
  private int readsUntilBusy = -1;
  private int pulled;
  private int open;
  private boolean forgotten;

  /// A commit with these files, text by path; the head follows.
  public synchronized FakeSource commit(String commit, Map<String, String> files) {
    NavigableMap<FilePath, Entry> tree = new TreeMap<>();
    files.forEach((path, text) -> tree.put(new FilePath(path),
        new Entry(FileContent.of(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)),
            Optional.empty())));
    trees.put(commit, tree);
    head = Optional.of(commit);
    return this;
  }

  /// Puts what is no regular file (a link) into a commit.
  public synchronized FakeSource odd(String commit, String path) {
    tree(commit).put(new FilePath(path),
        new Entry(FileContent.of(new byte[0]), Optional.of(SkipReason.NOT_A_FILE)));
    return this;
  }

  /// The diff to this commit sees a rename.
  public synchronized FakeSource rename(String commit, String from, String to) {
    renames.computeIfAbsent(commit, _ -> new HashMap<>()).put(new FilePath(to),
        new FilePath(from));
    return this;
  }

  public synchronized FakeSource head(@Nullable String commit) {
    head = Optional.ofNullable(commit);
    return this;
  }

  /// A commit is no longer in the clone.
  public synchronized FakeSource drop(String commit) {
    trees.remove(commit);
    return this;
  }

  /// A commit is not in the clone before the next pull.
  public synchronized FakeSource elsewhere(String commit) {
    elsewhere.put(commit, tree(commit));
    return drop(commit);
  }

  /// The next pull ends so.
  public synchronized FakeSource nextPull(Outcome<Pulled> outcome) {
    pulls.add(outcome);
    return this;
  }

  /// After so many changes are read, one reading is `Busy`.
  public synchronized FakeSource busyAfter(int reads) {
    readsUntilBusy = reads;
    return this;
  }

  public synchronized int pulled() {
    return pulled;
  }

  /// Readings that are not closed.
  public synchronized int open() {
    return open;
  }

  public synchronized boolean forgotten() {
    return forgotten;
  }

  private NavigableMap<FilePath, Entry> tree(String commit) {
    NavigableMap<FilePath, Entry> tree = trees.get(commit);
    if (tree == null)
      throw new IllegalArgumentException("no commit " + commit);
    return tree;
  }

  @Override
  public synchronized Outcome<Pulled> check(SourceSpec spec) {
    return Outcome.ok(new Pulled(Optional.of("main"), head, "fake", List.of()));
  }

  @Override
  public synchronized Outcome<Pulled> pull(SourceSpec spec) {
    pulled++;
    if (!pulls.isEmpty())
      return pulls.removeFirst();
    trees.putAll(elsewhere);
    elsewhere.clear();
    return check(spec);
  }

  @Override
  public synchronized boolean reachable(SourceSpec spec, String commit) {
    return trees.containsKey(commit);
  }

  @Override
  public synchronized Outcome<List<SourceChange>> lookup(SourceSpec spec, String commit,
      Collection<FilePath> paths) {
    if (!trees.containsKey(commit))
      return Outcome.refused("commit_gone", "no commit " + commit);
    return Outcome.ok(paths.stream().map(path -> change(commit, path)).toList());
  }

  private SourceChange change(String commit, FilePath path) {
    Entry entry = tree(commit).get(path);
    if (entry == null)
      return new SourceChange.Remove(path, Optional.empty());
    if (entry.odd().isPresent())
      return new SourceChange.Remove(path, entry.odd());
    return new SourceChange.Put(path, Optional.empty(), blob(commit, path),
        entry.content().size());
  }

  private String blob(String commit, FilePath path) {
    Entry entry = tree(commit).get(path);
    return entry == null ? "" : Sha256.hex(entry.content().bytes());
  }

  @Override
  public synchronized Outcome<Changes> changes(SourceSpec spec, Optional<String> from, String to) {
    if (!trees.containsKey(to))
      return Outcome.refused("commit_gone", "no commit " + to);
    if (from.isPresent() && !trees.containsKey(from.get()))
      return new Outcome.Busy<>("source_unavailable", "no commit " + from.get());
    List<SourceChange> puts = new ArrayList<>();
    List<SourceChange> removes = new ArrayList<>();
    boolean listing = from.isEmpty();
    NavigableMap<FilePath, Entry> before = listing ? new TreeMap<>() : tree(from.orElseThrow());
    Map<FilePath, FilePath> renamed = listing ? Map.of() : renames.getOrDefault(to, Map.of());
    TreeSet<FilePath> paths = new TreeSet<>(before.keySet());
    paths.addAll(tree(to).keySet());
    for (FilePath path : paths) {
      Entry old = before.get(path);
      Entry now = tree(to).get(path);
      if (old != null && old.equals(now))
        continue;
      switch (change(to, path)) {
        case SourceChange.Put put -> puts.add(new SourceChange.Put(path,
            Optional.ofNullable(renamed.get(path)), put.blob(), put.size()));
        case SourceChange.Remove remove -> {
          if (!renamed.containsValue(path))
            removes.add(remove);
        }
      }
    }
    puts.addAll(removes);
    open++;
    return Outcome.ok(new Reading(to, puts.iterator()));
  }

  private synchronized boolean busyNow() {
    return readsUntilBusy >= 0 && readsUntilBusy-- == 0;
  }

  private synchronized void closed() {
    open--;
  }

  private synchronized List<byte[]> read(String commit, List<SourceChange.Put> puts) {
    return puts.stream().map(put -> {
      Entry entry = tree(commit).get(put.path());
      return entry == null ? new byte[0] : entry.content().bytes();
    }).toList();
  }

  @Override
  public synchronized Outcome<Unit> forget(SourceSpec spec) {
    forgotten = true;
    return Unit.ok();
  }

  private final class Reading implements Changes {
    private final String commit;
    private final Iterator<SourceChange> changes;
    private boolean closed;

    Reading(String commit, Iterator<SourceChange> changes) {
      this.commit = commit;
      this.changes = changes;
    }

    @Override
    public Outcome<Optional<SourceChange>> next() {
      if (busyNow())
        return new Outcome.Busy<>("source_unavailable", "the clone broke");
      return Outcome.ok(changes.hasNext() ? Optional.of(changes.next()) : Optional.empty());
    }

    @Override
    public Outcome<List<byte[]>> contents(List<SourceChange.Put> puts) {
      return Outcome.ok(read(commit, puts));
    }

    @Override
    public void close() {
      if (!closed)
        closed();
      closed = true;
    }
  }
}

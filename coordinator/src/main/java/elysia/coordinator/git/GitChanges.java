package elysia.coordinator.git;

import elysia.core.identity.FilePath;
import elysia.core.outcome.Outcome;
import elysia.core.source.Changes;
import elysia.core.source.SourceChange;
import elysia.core.source.SourceChange.Put;
import elysia.core.source.SourceChange.Remove;
import elysia.git.command.Git;
import elysia.git.command.ObjectDatabase;
import elysia.git.object.Blobs;
import elysia.git.object.Entries;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// Git's answer, cut into puts and removes. Few removes are remembered while the puts go by; for
/// many, Git is asked a second time.
final class GitChanges implements Changes {
  private static final int GROUP = 256;
  private static final int MAX_REMEMBERED = 10_000;

  private final Git git;
  private final ObjectDatabase objects;
  private final Optional<String> from;
  private final String to;
  private final Fault fault;
  private final int renameLimit;
  private final Blobs blobs;
  private final Deque<SourceChange> ready = new ArrayDeque<>();
  private final List<Remove> remembered = new ArrayList<>();
  private Optional<Entries> entries = Optional.empty();
  private Optional<FilePath> last = Optional.empty();
  private Phase phase = Phase.PUTS;
  private boolean tooMany;

  private enum Phase {
    PUTS, REMOVES, END
  }

  /// @param renameLimit files on each side up to which renames are searched
  GitChanges(Git git, ObjectDatabase objects, Optional<String> from, String to, Fault fault,
      int renameLimit) {
    this.git = git;
    this.objects = objects;
    this.from = from;
    this.to = to;
    this.fault = fault;
    this.renameLimit = renameLimit;
    this.blobs = new Blobs(git, objects);
  }

  @Override
  public Outcome<Optional<SourceChange>> next() {
    try {
      while (ready.isEmpty() && phase != Phase.END)
        fill();
      return Outcome.ok(Optional.ofNullable(ready.poll()));
    } catch (IOException e) {
      phase = Phase.END;
      return fault.outcome(e);
    }
  }

  /// Starts Git; the first answer says whether it can do what is asked.
  void open() throws IOException {
    fill();
  }

  private void fill() throws IOException {
    if (entries.isEmpty())
      entries = Optional.of(start());
    List<Entries.Entry> group = entries.get().next(GROUP);
    List<Entries.Entry> puts = new ArrayList<>();
    for (Entries.Entry entry : group) {
      boolean again = last.equals(Optional.of(entry.path())); // malformed trees name a file twice
      last = Optional.of(entry.path());
      if (again || entry.unchanged())
        continue;
      if (entry.put())
        puts.add(entry);
      if (!entry.put() || entry.renamedFrom().filter(path -> !path.safe()).isPresent())
        removes(entry).forEach(this::remove);
    }
    if (phase == Phase.PUTS)
      put(puts);
    if (group.isEmpty())
      endPhase();
  }

  private void endPhase() {
    entries.ifPresent(Entries::close);
    entries = Optional.empty();
    last = Optional.empty();
    if (phase == Phase.PUTS && tooMany) {
      phase = Phase.REMOVES;
      return;
    }
    if (phase == Phase.PUTS) {
      remembered.sort(Comparator.comparing(Remove::path));
      ready.addAll(remembered);
    }
    phase = Phase.END;
  }

  private void put(List<Entries.Entry> puts) throws IOException {
    if (puts.isEmpty())
      return;
    List<Optional<Long>> sizes = blobs.sizes(puts.stream().map(Entries.Entry::blob).toList());
    for (int i = 0; i < puts.size(); i++) {
      Entries.Entry entry = puts.get(i);
      ready.add(new Put(entry.path(), entry.renamedFrom().filter(FilePath::safe), entry.blob(),
          size(entry, sizes.get(i))));
    }
  }

  /// A clone of ours is whole. What a partial clone of somebody else lacks is told when its content
  /// is wanted: most of it may be outside the patterns.
  private long size(Entries.Entry entry, Optional<Long> size) throws IOException {
    if (size.isEmpty() && fault.own().isPresent())
      throw new Blobs.MissingException(entry.blob());
    return size.orElse(0L);
  }

  private static List<Remove> removes(Entries.Entry entry) {
    List<Remove> removes = new ArrayList<>();
    entry.renamedFrom().ifPresent(path -> removes.add(new Remove(path, Optional.empty())));
    if (!entry.put())
      removes.add(new Remove(entry.path(), entry.skipped()));
    return removes;
  }

  private void remove(Remove remove) {
    if (phase == Phase.REMOVES) {
      ready.add(remove);
    } else if (remembered.size() < MAX_REMEMBERED) {
      remembered.add(remove);
    } else {
      tooMany = true;
    }
  }

  private Entries start() throws IOException {
    return from.isPresent()
        ? Entries.between(git, objects, from.get(), to, renameLimit)
        : Entries.all(git, objects, to);
  }

  @Override
  public Outcome<List<byte[]>> contents(List<Put> puts) {
    try {
      return Outcome.ok(blobs.contents(puts.stream().map(Put::blob).toList()));
    } catch (IOException e) {
      return fault.outcome(e);
    }
  }

  @Override
  public void close() {
    entries.ifPresent(Entries::close);
    blobs.close();
  }
}

package elysia.coordinator.verify;

import elysia.core.chunk.Chunk;
import elysia.core.chunk.Chunker;
import elysia.core.chunk.Chunker.Chunking;
import elysia.core.chunk.SkipReason;
import elysia.core.identity.ChunkId;
import elysia.core.identity.FilePath;
import elysia.core.identity.Sha256;
import elysia.core.outcome.Outcome;
import elysia.core.repository.IndexingRules;
import elysia.core.repository.RepositorySettings;
import elysia.core.repository.VerifyReport;
import elysia.core.source.Changes;
import elysia.core.source.Source;
import elysia.core.source.SourceChange;
import elysia.core.store.ChunkHeader;
import elysia.core.store.VectorStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;

/// Compares a repository's part of the index with the tree of a commit, file by file and chunk by
/// chunk.
///
/// Two passes in bounded memory: every file of the tree is chunked and compared with what is stored
/// of its path; then everything that is stored is looked up in the tree. Blocks its thread. The
/// repository must not be synced meanwhile.
public final class Verifier {
  private static final int GROUP_FILES = 200;
  private static final long GROUP_BYTES = 4_000_000;
  private static final int LOOKUP = 1_000;
  private static final int DEEP_IDS = 256;

  private final Source source;
  private final VectorStore store;
  private final Chunker chunker;
  private final InstantSource clock;
  private final RetryPolicy retry;

  /// @param retry with the store
  public Verifier(Source source, VectorStore store, Chunker chunker, InstantSource clock,
      RetryPolicy retry) {
    this.source = source;
    this.store = store;
    this.chunker = chunker;
    this.clock = clock;
    this.retry = retry;
  }

  /// @param commit of the last sync; empty when the repository had none, and nothing should be
  ///          stored
  /// @param deep also search each chunk by its own vector
  public Verification verify(RepositorySettings settings, Optional<String> commit, boolean deep,
      boolean repair) {
    return new Run(settings, commit, deep, repair).run();
  }

  /// The report of a verify that could not be done.
  public static VerifyReport failed(Instant startedAt, Instant endedAt, String commit, boolean deep,
      boolean repair, String error) {
    return new VerifyReport("failed", deep, repair, commit, startedAt, Optional.of(endedAt), 0, 0,
        Map.of(), 0, 0, 0, 0, 0, 0, List.of(), Optional.of(error));
  }

  /// A call that did not work: ends the verify with its reason.
  private static final class Stop extends Exception {
    Stop(String reason) {
      super(reason, null, false, false);
    }
  }

  private final class Run {
    private final RepositorySettings settings;
    private final Optional<String> commit;
    private final boolean deep;
    private final boolean repair;
    private final IndexingRules.Matcher rules;
    private final Instant startedAt = clock.instant();
    private final Map<String, Long> skipped = new TreeMap<>();
    private Findings findings = new Findings();
    private long files;
    private long chunks;

    Run(RepositorySettings settings, Optional<String> commit, boolean deep, boolean repair) {
      this.settings = settings;
      this.commit = commit;
      this.deep = deep;
      this.repair = repair;
      this.rules = settings.rules().matcher();
    }

    Verification run() {
      try {
        if (commit.isPresent()) {
          fetched(commit.get());
          tree(commit.get());
        }
        orphans();
      } catch (Stop stop) {
        return new Verification(failed(startedAt, clock.instant(), commit.orElse(""), deep, repair,
            String.valueOf(stop.getMessage())), List.of(), false);
      }
      VerifyReport report = new VerifyReport("done", deep, repair, commit.orElse(""), startedAt,
          Optional.of(clock.instant()), files, chunks, skipped, findings.count("missing"),
          findings.count("stale"), findings.count("wrong_lines"), findings.count("extra"),
          findings.count("unsearchable"), 0,
          findings.differences(), Optional.empty());
      return new Verification(report, findings.differing(), findings.more());
    }

    /// The repository may have come from another node since its last sync, without its clone.
    private void fetched(String to) throws Stop {
      if (!source.reachable(settings.source(), to))
        ok(source.pull(settings.source()));
    }

    /// First pass: everything that the tree has must be stored, and nothing else of the same paths.
    private void tree(String to) throws Stop {
      try (Changes listing = ok(source.changes(settings.source(), Optional.empty(), to))) {
        List<SourceChange.Put> group = new ArrayList<>();
        List<FilePath> unindexed = new ArrayList<>();
        long bytes = 0;
        while (true) {
          Optional<SourceChange> next = ok(listing.next());
          if (next.isEmpty())
            break;
          if (next.get() instanceof SourceChange.Put put && keep(put)) {
            group.add(put);
            bytes += put.size();
          } else {
            if (next.get() instanceof SourceChange.Remove(_, var reason))
              reason.ifPresent(this::skip);
            unindexed.add(next.get().path());
          }
          if (group.size() + unindexed.size() >= GROUP_FILES || bytes >= GROUP_BYTES) {
            compare(listing, group, unindexed);
            group.clear();
            unindexed.clear();
            bytes = 0;
          }
        }
        compare(listing, group, unindexed);
      }
    }

    private boolean keep(SourceChange.Put put) {
      Optional<SkipReason> reason = rules.skip(put.path(), put.size());
      reason.ifPresent(this::skip);
      return reason.isEmpty();
    }

    private void skip(SkipReason reason) {
      skipped.merge(reason.label(), 1L, Long::sum);
    }

    private void compare(Changes listing, List<SourceChange.Put> group, List<FilePath> unindexed)
        throws Stop {
      if (group.isEmpty() && unindexed.isEmpty())
        return;
      List<FilePath> paths = new ArrayList<>(unindexed);
      for (SourceChange.Put put : group)
        paths.add(put.path());
      Map<FilePath, Map<UUID, ChunkHeader>> stored = new HashMap<>();
      for (ChunkHeader header : stored(
          () -> store.headers(settings.collection(), settings.name(), paths)))
        stored.computeIfAbsent(header.path(), _ -> new LinkedHashMap<>()).put(header.id(), header);
      List<byte[]> contents = group.isEmpty()
          ? List.of()
          : ok(listing.contents(List.copyOf(group)));
      Map<UUID, FilePath> present = new LinkedHashMap<>();
      for (int i = 0; i < group.size(); i++) {
        FilePath path = group.get(i).path();
        Map<UUID, ChunkHeader> there = stored.getOrDefault(path, new HashMap<>());
        file(path, contents.get(i), there, present);
        extras(path, there);
      }
      for (FilePath path : unindexed)
        extras(path, stored.getOrDefault(path, Map.of()));
      if (deep)
        searchable(present);
    }

    private void file(FilePath path, byte[] content, Map<UUID, ChunkHeader> there,
        Map<UUID, FilePath> present) {
      switch (chunker.chunk(path, content)) {
        case Chunking.Skipped(var reason, _) -> skip(reason);
        case Chunking.Chunks(_, var wanted, _) -> {
          files++;
          String fileHash = Sha256.hex(content);
          for (Chunk chunk : wanted) {
            chunks++;
            UUID id = ChunkId.of(settings.collection(), settings.name(), path, chunk.index());
            ChunkHeader header = there.remove(id);
            if (header == null)
              findings.add("missing", path, chunk.index(),
                  "lines " + chunk.startLine() + "-" + chunk.endLine());
            else {
              present.put(id, path);
              chunk(path, chunk, header, fileHash);
            }
          }
        }
      }
    }

    private void chunk(FilePath path, Chunk chunk, ChunkHeader header, String fileHash) {
      if (!header.contentHash().equals(chunk.contentHash()))
        findings.add("stale", path, chunk.index(), "content differs");
      else if (!header.vectorHash().equals(chunk.vectorHash()))
        findings.add("stale", path, chunk.index(), "embedded text differs");
      else if (!header.fileHash().equals(fileHash))
        findings.add("stale", path, chunk.index(), "file hash differs");
      else if (header.chunk() != chunk.index())
        findings.add("stale", path, chunk.index(), "chunk number is " + header.chunk());
      else if (header.startLine() != chunk.startLine() || header.endLine() != chunk.endLine())
        findings.add("wrong_lines", path, chunk.index(),
            "lines " + header.startLine() + "-" + header.endLine() + " (expected: "
                + chunk.startLine() + "-" + chunk.endLine() + ")");
    }

    private void extras(FilePath path, Map<UUID, ChunkHeader> left) {
      for (ChunkHeader header : left.values())
        findings.add("extra", path, header.chunk(), "the tree does not have it");
    }

    private void searchable(Map<UUID, FilePath> present) throws Stop {
      List<UUID> ids = List.copyOf(present.keySet());
      for (int from = 0; from < ids.size(); from += DEEP_IDS) {
        List<UUID> part = ids.subList(from, Math.min(ids.size(), from + DEEP_IDS));
        Set<UUID> lost = stored(
            () -> store.unsearchable(settings.collection(), settings.name(), part));
        for (UUID id : lost) {
          FilePath path = present.get(id);
          if (path != null)
            findings.add("unsearchable", path, 0,
                "chunk " + id + " is not found by its own vector");
        }
      }
    }

    /// What the visitor met: it cannot throw.
    private static final class Visit {
      private String failure = "";
    }

    /// Second pass: what is stored of paths that the tree does not have at all.
    private void orphans() throws Stop {
      Map<FilePath, List<ChunkHeader>> pending = new LinkedHashMap<>();
      Visit visit = new Visit();
      Findings before = findings;
      stored(() -> {
        findings = new Findings(before); // a listing that broke off begins again
        pending.clear();
        return store.list(settings.collection(), settings.name(), header -> {
          if (!visit.failure.isEmpty())
            return;
          pending.computeIfAbsent(header.path(), _ -> new ArrayList<>()).add(header);
          if (pending.size() >= LOOKUP)
            visit.failure = lookUp(pending);
        });
      });
      if (visit.failure.isEmpty())
        visit.failure = lookUp(pending);
      if (!visit.failure.isEmpty())
        throw new Stop(visit.failure);
    }

    /// Paths in the tree were compared in the first pass, whatever they are.
    private String lookUp(Map<FilePath, List<ChunkHeader>> pending) {
      if (pending.isEmpty())
        return "";
      Set<FilePath> inTree = new HashSet<>();
      if (commit.isPresent()) {
        Outcome<List<SourceChange>> looked = source.lookup(settings.source(), commit.get(),
            List.copyOf(pending.keySet()));
        if (!(looked instanceof Outcome.Ok<List<SourceChange>>(var found)))
          return reason(looked);
        for (SourceChange change : found)
          if (change instanceof SourceChange.Put
              || (change instanceof SourceChange.Remove(_, var why) && why.isPresent()))
            inTree.add(change.path());
      }
      pending.forEach((path, headers) -> {
        if (inTree.contains(path))
          return;
        for (ChunkHeader header : headers)
          findings.add("extra", path, header.chunk(), "the tree does not have it");
      });
      pending.clear();
      return "";
    }

    /// Asks the store, again and again while it is busy.
    private <T> T stored(Supplier<Outcome<T>> call) throws Stop {
      return ok(retry.answer(call));
    }

    private <T> T ok(Outcome<T> outcome) throws Stop {
      if (outcome instanceof Outcome.Ok<T>(var value))
        return value;
      throw new Stop(reason(outcome));
    }
  }

  private static String reason(Outcome<?> outcome) {
    return switch (outcome) {
      case Outcome.Ok<?> _ -> "";
      case Outcome.Busy<?>(_, var why, _) -> why;
      case Outcome.Refused<?>(var problem) -> problem.text();
    };
  }
}

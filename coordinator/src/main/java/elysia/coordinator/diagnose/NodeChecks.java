package elysia.coordinator.diagnose;

import elysia.core.diagnose.Check;
import elysia.core.diagnose.Check.Area;
import elysia.core.embed.Embedder;
import elysia.core.repository.RepositorySettings;
import elysia.core.source.Source;
import elysia.core.store.StoreHealth;
import elysia.core.store.VectorStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The checks that run on one node, all at the same time and each within a bound, so that what
/// hangs hides nothing else. Thread-safe; blocks the calling thread.
public final class NodeChecks {
  private static final Logger LOG = LoggerFactory.getLogger(NodeChecks.class);

  private final Source source;
  private final StoreChecks store;
  private final EmbedderChecks embedder;
  private final DiskChecks disk;
  private final Supplier<StoreHealth> journal;
  private final DiagnoseSettings settings;
  private final Executor blocking;

  /// @param folders that must have room, by what is in them
  /// @param journal how the journal's database fares
  public NodeChecks(Source source, VectorStore store, Embedder embedder, Map<String, Path> folders,
      Supplier<StoreHealth> journal, DiagnoseSettings settings, Executor blocking) {
    this.source = source;
    this.store = new StoreChecks(store);
    this.embedder = new EmbedderChecks(embedder);
    this.disk = new DiskChecks(folders, settings);
    this.journal = journal;
    this.settings = settings;
    this.blocking = blocking;
  }

  /// @param repository absent when nobody knows it: then only the node is looked at
  List<Check> look(Optional<RepositorySettings> repository, boolean accessOnly) {
    List<CompletableFuture<List<Check>>> parts = new ArrayList<>();
    repository.ifPresent(known -> parts.add(start(Area.CONNECTIVITY, "remote",
        () -> source.inspect(known.source(), !accessOnly))));
    if (!accessOnly) {
      parts.add(start(Area.STORE, "store", () -> store.look(repository)));
      parts.add(start(Area.EMBEDDER, "embedder", () -> embedder.look(repository)));
      parts.add(start(Area.DISK, "disk", disk::look));
      parts.add(start(Area.JOURNAL, "journal", () -> List.of(journal())));
    }
    return parts.stream().flatMap(part -> part.join().stream()).toList();
  }

  private CompletableFuture<List<Check>> start(Area area, String name, Supplier<List<Check>> look) {
    return CompletableFuture.supplyAsync(look, blocking).completeOnTimeout(
        List.of(Check.failed(area, name,
            "No answer within " + settings.patience().toSeconds() + " s.",
            "Syncs that need it wait.", "See the log of the node, then look again.")),
        settings.patience().toMillis(), TimeUnit.MILLISECONDS).exceptionally(error -> {
          LOG.warn("diagnose: {} cannot be looked at", name, error);
          return List.of(Check.failed(area, name, "It cannot be looked at: " + error + ".",
              "Nobody knows how it fares.", "See the log of the node."));
        });
  }

  private Check journal() {
    StoreHealth health = journal.get();
    return health.ok()
        ? Check.ok(Area.JOURNAL, "journal", "The journal's database answers.")
        : Check.failed(Area.JOURNAL, "journal", "The journal's database is down: " + health.text()
            + ".", "Commands are refused and syncs stand still; search goes on.",
            "Bring the database back; everything goes on by itself then.",
            "elysiactl server status");
  }
}

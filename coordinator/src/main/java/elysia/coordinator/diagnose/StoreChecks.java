package elysia.coordinator.diagnose;

import static elysia.core.diagnose.Check.Area.STORE;

import elysia.core.diagnose.Check;
import elysia.core.embed.EmbeddingModel;
import elysia.core.identity.CollectionName;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Unit;
import elysia.core.repository.RepositorySettings;
import elysia.core.store.CollectionInfo;
import elysia.core.store.Counts;
import elysia.core.store.StoreHealth;
import elysia.core.store.VectorStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Checks that the vector store can be read and written, and has the collection.
final class StoreChecks {
  private static final String WAITS = "Syncs wait and go on by themselves when it is back; search may fail meanwhile.";

  private final VectorStore store;

  StoreChecks(VectorStore store) {
    this.store = store;
  }

  List<Check> look(Optional<RepositorySettings> repository) {
    StoreHealth before = store.health();
    List<Check> checks = new ArrayList<>();
    if (repository.isEmpty()) {
      checks.add(switch (store.collections()) {
        case Outcome.Ok<List<CollectionInfo>>(var all) -> Check.ok(STORE, "reachable",
            "The store answers and has " + all.size() + " collection(s).");
        case Outcome.Busy<List<CollectionInfo>>(_, var reason, _) -> down(reason);
        case Outcome.Refused<List<CollectionInfo>>(var problem) -> refused("reachable",
            problem.message(), problem.hint());
      });
      return checks;
    }
    RepositorySettings settings = repository.get();
    switch (store.collection(settings.collection())) {
      case Outcome.Ok<Optional<CollectionInfo>>(var found) -> {
        checks.add(before.ok() || store.health().ok()
            ? Check.ok(STORE, "reachable", "The store answers: " + store.health().text() + ".")
            : Check.warning(STORE, "reachable", "The store answers, but lately not always well: "
                + before.text() + ".", "Syncs may wait for it now and then.", ""));
        found.ifPresentOrElse(info -> checks.addAll(collection(settings, info)),
            () -> checks.add(missing(settings)));
      }
      case Outcome.Busy<Optional<CollectionInfo>>(_, var reason, _) -> checks.add(down(reason));
      case Outcome.Refused<Optional<CollectionInfo>>(var problem) -> checks.add(
          refused("reachable", problem.message(), problem.hint()));
    }
    return checks;
  }

  private static Check missing(RepositorySettings settings) {
    return Check.failed(STORE, "collection", "There is no collection " + settings.collection()
        + " in the store.", "Nothing of the repository can be found.",
        "A full sync makes it and fills it again.",
        "elysiactl repo sync " + settings.name() + " --full");
  }

  private List<Check> collection(RepositorySettings settings, CollectionInfo info) {
    List<Check> checks = new ArrayList<>();
    EmbeddingModel wanted = settings.model();
    CollectionName name = settings.collection();
    if (info.model().sameVectors(wanted)) {
      Outcome<Counts> counted = store.count(name, Optional.of(settings.name()));
      checks.add(switch (counted) {
        case Outcome.Ok<Counts>(var counts) -> Check.ok(STORE, "collection",
            "The collection " + name + " holds " + counts.chunks() + " chunk(s) of "
                + counts.files() + " file(s) of it, vectors of " + info.model() + ".");
        case Outcome.Busy<Counts>(_, var reason, _) -> down(reason);
        case Outcome.Refused<Counts>(var problem) -> refused("collection", problem.message(),
            problem.hint());
      });
    } else {
      checks.add(Check.failed(STORE, "collection", "The collection " + name
          + " holds vectors of " + info.model() + ", not of " + wanted + ".",
          "Nothing can be written to it.",
          "Index into another collection, or delete this one and add the repository again.",
          "elysiactl col show " + name));
    }
    checks.add(switch (store.writable(name)) {
      case Outcome.Ok<Unit> _ -> Check.ok(STORE, "writable", "It can be written to.");
      case Outcome.Busy<Unit>(_, var reason, _) -> Check.failed(STORE, "writable",
          "It cannot be written to now: " + reason + ".",
          "Syncs wait and go on by themselves; search works.",
          "See the address that is named here, or the disk and memory of the store.");
      case Outcome.Refused<Unit>(var problem) -> refused("writable", problem.message(),
          problem.hint());
    });
    return checks;
  }

  private static Check down(String reason) {
    return Check.failed(STORE, "reachable", "The store does not answer: " + reason + ".", WAITS,
        "Bring it back, or see WEAVIATE_URL and the network.", "elysiactl server status");
  }

  private static Check refused(String name, String message, String hint) {
    return Check.failed(STORE, name, message + ".", "Syncs cannot write.",
        hint.isEmpty() ? "See the log of the store." : hint + ".", "elysiactl server status");
  }
}

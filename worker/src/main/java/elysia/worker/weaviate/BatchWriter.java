package elysia.worker.weaviate;

import elysia.core.outcome.Outcome;
import elysia.worker.weaviate.BatchApi.Prepared;
import elysia.worker.weaviate.Classes.StoreClass;
import elysia.worker.weaviate.ServerMessage.Meaning;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Writes one batch, reads what became of each object, and tries again what may pass.
///
/// A 200 does not mean stored: each object has its own result. An object that was kept without its
/// place in the vector index is not healed by writing it again, so every further try deletes first.
final class BatchWriter {
  private final BatchApi api;
  private final Calls calls;
  private final Classes classes;
  private final Deletes deletes;
  private final int tries;

  BatchWriter(BatchApi api, Calls calls, Classes classes, Deletes deletes, int tries) {
    this.api = api;
    this.calls = calls;
    this.classes = classes;
    this.deletes = deletes;
    this.tries = tries;
  }

  /// @return what the server will never take, with its reason
  Outcome<Map<UUID, String>> write(StoreClass target, List<Prepared> batch, boolean replace) {
    return new Writing(target, batch, replace).run();
  }

  private final class Writing {
    private final boolean alone;
    private final StoreClass target;
    private final Map<UUID, String> rejected = new HashMap<>();
    private final Set<UUID> keptUnindexed = new HashSet<>();
    private List<Prepared> open;
    private boolean deleteFirst;
    private String firstError = "";
    /// Whether the server has taken an object of the batch, or has refused one in words that are
    /// known: then it works, and tells objects apart.
    private boolean serverJudges;
    private boolean lastTry;

    Writing(StoreClass target, List<Prepared> batch, boolean replace) {
      this.target = target;
      this.open = batch;
      this.alone = batch.size() == 1;
      this.deleteFirst = replace;
    }

    Outcome<Map<UUID, String>> run() {
      for (int attempt = 1;; attempt++) {
        lastTry = attempt >= tries;
        Outcome<Optional<String>> outcome = once();
        switch (outcome) {
          case Outcome.Ok<Optional<String>>(var lastError) when lastError.isEmpty() -> {
            calls.wrote();
            return deletes.ids(target, keptUnindexed).map(_ -> rejected);
          }
          case Outcome.Ok<Optional<String>>(var lastError) -> {
            firstError = firstError.isEmpty() ? lastError.orElse("") : firstError;
            if (attempt >= tries || !calls.waited(attempt, Optional.empty()))
              return busy("", Optional.empty());
          }
          case Outcome.Busy<Optional<String>>(_, var reason, var wait) -> {
            if (attempt >= tries || !calls.waited(attempt, wait))
              return busy(reason, wait);
          }
          case Outcome.Refused<Optional<String>> refused -> {
            return new Outcome.Refused<>(refused.problem());
          }
        }
        deleteFirst = true;
      }
    }

    /// What the objects met says more than what a deletion on the way met.
    private Outcome<Map<UUID, String>> busy(String reason, Optional<Duration> wait) {
      if (firstError.isEmpty())
        return new Outcome.Busy<>("store_unavailable", reason, wait);
      calls.unwritable(firstError);
      return new Outcome.Busy<>("store_unavailable", "Weaviate: " + firstError, wait);
    }

    /// @return empty when every object has its final result; else why not
    private Outcome<Optional<String>> once() {
      if (deleteFirst) {
        Outcome<?> deleted = api.ready().flatMap(
            _ -> deletes.ids(target, open.stream().map(Prepared::id).toList()));
        if (!(deleted instanceof Outcome.Ok))
          return deleted.map(_ -> Optional.empty());
      }
      return api.post(open).flatMap(this::judged);
    }

    private Outcome<Optional<String>> judged(Map<UUID, Optional<ServerMessage>> results) {
      List<Prepared> unsettled = new ArrayList<>();
      serverJudges |= results.values().stream().anyMatch(
          result -> result.isEmpty() || result.get().meaning() == Meaning.FINAL);
      Optional<String> lastError = Optional.empty();
      for (Prepared object : open) {
        Optional<ServerMessage> result = results.get(object.id());
        if (result == null) {
          unsettled.add(object);
          lastError = Optional.of("no result for an object of a batch");
        } else if (result.isPresent()) {
          ServerMessage message = result.get();
          if (message.meaning() == Meaning.NO_CLASS)
            return classes.vanished(target.info().name());
          if (message.meaning() == Meaning.FORBIDDEN)
            return message.forbidden();
          if (message.meaning() == Meaning.TRANSIENT || unexplained(message)) {
            unsettled.add(object);
            lastError = Optional.of(message.text());
          } else {
            rejected.put(object.id(), message.text());
            if (message.keptUnindexed())
              keptUnindexed.add(object.id());
          }
        }
      }
      open = unsettled;
      return Outcome.ok(lastError);
    }

    /// Where all of several objects fail in words that are not known, it is rather the server than
    /// the objects. One alone is rejected after its tries, so that it stops no others for ever.
    private boolean unexplained(ServerMessage message) {
      return message.meaning() == Meaning.UNKNOWN && !serverJudges && !(alone && lastTry);
    }
  }
}

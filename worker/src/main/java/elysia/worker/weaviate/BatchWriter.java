package elysia.worker.weaviate;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import elysia.core.json.Json;
import elysia.core.outcome.Outcome;
import elysia.worker.weaviate.Classes.StoreClass;
import elysia.worker.weaviate.ServerMessage.Meaning;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
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
  /// An object, and its JSON.
  static final class Prepared {
    private final UUID id;
    private final byte[] json;

    Prepared(UUID id, byte[] json) {
      this.id = id;
      this.json = json;
    }
  }

  private final WeaviateHttp http;
  private final GraphQl graphQl;
  private final Deletes deletes;
  private final int tries;

  BatchWriter(WeaviateHttp http, GraphQl graphQl, Deletes deletes, int tries) {
    this.http = http;
    this.graphQl = graphQl;
    this.deletes = deletes;
    this.tries = tries;
  }

  /// @return what the server will never take, with its reason
  Outcome<Map<UUID, String>> write(StoreClass target, List<Prepared> batch, boolean replace) {
    return new Writing(target, batch, replace).run();
  }

  private final class Writing {
    private final StoreClass target;
    private final Map<UUID, String> rejected = new HashMap<>();
    private final Set<UUID> keptUnindexed = new HashSet<>();
    private List<Prepared> open;
    private boolean deleteFirst;
    private String firstTrouble = "";

    Writing(StoreClass target, List<Prepared> batch, boolean replace) {
      this.target = target;
      this.open = batch;
      this.deleteFirst = replace;
    }

    Outcome<Map<UUID, String>> run() {
      for (int attempt = 1;; attempt++) {
        Outcome<Optional<String>> outcome = once();
        switch (outcome) {
          case Outcome.Ok<Optional<String>>(var trouble) when trouble.isEmpty() -> {
            http.wrote();
            return deletes.ids(target, keptUnindexed).map(_ -> rejected);
          }
          case Outcome.Ok<Optional<String>>(var trouble) -> {
            firstTrouble = firstTrouble.isEmpty() ? trouble.orElse("") : firstTrouble;
            if (attempt >= tries || !http.waited(attempt, Optional.empty()))
              return busy("", Optional.empty());
          }
          case Outcome.Busy<Optional<String>>(var reason, var wait) -> {
            if (attempt >= tries || !http.waited(attempt, wait))
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
      if (firstTrouble.isEmpty())
        return new Outcome.Busy<>(reason, wait);
      http.unwritable(firstTrouble);
      return new Outcome.Busy<>("Weaviate: " + firstTrouble, wait);
    }

    /// @return empty when every object has its final result; else why not
    private Outcome<Optional<String>> once() {
      if (deleteFirst) {
        Outcome<?> deleted = deletes.ids(target, open.stream().map(object -> object.id).toList());
        if (!(deleted instanceof Outcome.Ok))
          return deleted.map(_ -> Optional.empty());
      }
      return post(open).flatMap(this::judged);
    }

    private Outcome<Optional<String>> judged(Map<UUID, Optional<ServerMessage>> results) {
      List<Prepared> again = new ArrayList<>();
      Optional<String> trouble = Optional.empty();
      for (Prepared object : open) {
        Optional<ServerMessage> result = results.get(object.id);
        if (result == null) {
          again.add(object);
          trouble = Optional.of("no result for an object of a batch");
        } else if (result.isPresent()) {
          ServerMessage message = result.get();
          if (message.meaning() == Meaning.NO_CLASS)
            return graphQl.vanished(target.info().name());
          if (message.meaning() == Meaning.TRANSIENT) {
            again.add(object);
            trouble = Optional.of(message.text());
          } else {
            rejected.put(object.id, message.text());
            if (message.keptUnindexed())
              keptUnindexed.add(object.id);
          }
        }
      }
      open = again;
      return Outcome.ok(trouble);
    }
  }

  private Outcome<Map<UUID, Optional<ServerMessage>>> post(List<Prepared> batch) {
    return http.send(new WeaviateHttp.Request<>("POST", "/v1/batch/objects", body(batch), false,
        BatchWriter::results)).flatMap(reply -> switch (reply) {
          case Reply.Done<Map<UUID, Optional<ServerMessage>>>(var results) -> Outcome.ok(results);
          case Reply.Denied<Map<UUID, Optional<ServerMessage>>>(var status, var message) -> Outcome
              .refused("store_refused",
                  "Weaviate refuses a batch (" + status + "): " + message.text());
        });
  }

  private static BodyPublisher body(List<Prepared> batch) {
    int size = batch.stream().mapToInt(object -> object.json.length + 1).sum();
    ByteArrayOutputStream out = new ByteArrayOutputStream(size + 16);
    out.writeBytes("{\"objects\":[".getBytes(StandardCharsets.US_ASCII));
    for (int i = 0; i < batch.size(); i++) {
      if (i > 0)
        out.write(',');
      out.writeBytes(batch.get(i).json);
    }
    out.write(']');
    out.write('}');
    return BodyPublishers.ofByteArray(out.toByteArray());
  }

  /// Reads the answer without building it: it echoes every object and vector.
  private static Map<UUID, Optional<ServerMessage>> results(byte[] answer) throws IOException {
    Map<UUID, Optional<ServerMessage>> results = new HashMap<>();
    try (JsonParser json = Json.mapper().createParser(answer)) {
      if (json.nextToken() != JsonToken.START_ARRAY)
        throw new IOException("no array of results");
      while (json.nextToken() == JsonToken.START_OBJECT)
        result(json, results);
      if (json.currentToken() != JsonToken.END_ARRAY)
        throw new IOException("no array of results");
    } catch (IllegalArgumentException e) {
      throw new IOException("an id that is none", e);
    }
    return results;
  }

  private static void result(JsonParser json, Map<UUID, Optional<ServerMessage>> results)
      throws IOException {
    String id = "";
    String status = "";
    StringBuilder errors = new StringBuilder();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      if (field.equals("id")) {
        id = json.getText();
      } else if (field.equals("result")) {
        var result = json.<JsonNode>readValueAsTree();
        status = result.path("status").asText("SUCCESS");
        result.at("/errors/error").forEach(error -> errors.append(errors.isEmpty() ? "" : "; ")
            .append(error.path("message").asText()));
      } else {
        json.skipChildren();
      }
    }
    boolean failed = status.equals("FAILED") || !errors.isEmpty();
    if (!id.isEmpty() && !status.isEmpty())
      results.put(UUID.fromString(id), failed
          ? Optional.of(ServerMessage.of(errors.isEmpty() ? "failed" : errors.toString()))
          : Optional.empty());
  }
}

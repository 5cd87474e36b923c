package elysia.worker.weaviate;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import elysia.core.json.Json;
import elysia.core.outcome.Outcome;
import elysia.core.outcome.Unit;
import elysia.core.store.StoreHealth;
import elysia.core.store.StoredChunk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// `POST /v1/batch/objects`: JSON, and an answer that echoes every object and vector.
final class RestBatches implements BatchApi {
  private final WeaviateHttp http;

  RestBatches(WeaviateHttp http) {
    this.http = http;
  }

  @Override
  public Optional<Prepared> prepared(String className, StoredChunk chunk) {
    return ChunkJson.write(className, chunk).map(json -> new Prepared(chunk.id(), json));
  }

  @Override
  public Outcome<Map<UUID, Optional<ServerMessage>>> post(List<Prepared> batch) {
    return http.send(new WeaviateHttp.Request<>("POST", "/v1/batch/objects", body(batch), false,
        RestBatches::results)).flatMap(reply -> switch (reply) {
          case HttpReply.Done<Map<UUID, Optional<ServerMessage>>>(var results) ->
            Outcome.ok(results);
          case HttpReply.Denied<Map<UUID, Optional<ServerMessage>>>(var status, var message) ->
            Outcome
                .refused("store_refused",
                    "Weaviate refuses a batch (" + status + "): " + message.text());
        });
  }

  private static BodyPublisher body(List<Prepared> batch) {
    int size = batch.stream().mapToInt(object -> object.bytes().length + 1).sum();
    ByteArrayOutputStream out = new ByteArrayOutputStream(size + 16);
    out.writeBytes("{\"objects\":[".getBytes(StandardCharsets.US_ASCII));
    for (int i = 0; i < batch.size(); i++) {
      if (i > 0)
        out.write(',');
      out.writeBytes(batch.get(i).bytes());
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

  /// Deletions go the same way.
  @Override
  public Outcome<Unit> ready() {
    return Unit.ok();
  }

  @Override
  public StoreHealth health() {
    return http.calls().health();
  }
}

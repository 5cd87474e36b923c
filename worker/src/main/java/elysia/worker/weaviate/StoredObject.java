package elysia.worker.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.core.embed.Embedding;
import elysia.core.identity.FilePath;
import elysia.core.identity.RepositoryName;
import elysia.core.store.ChunkHeader;
import elysia.core.store.StoredChunk;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/// An object as an answer brought it, with those of its properties that were asked for.
///
/// @param numbers by property
/// @param texts by property
record StoredObject(UUID id, Map<String, Long> numbers, Map<String, String> texts,
    List<String> symbols, Optional<Embedding> vector) {
  /// Properties that [#header()] reads.
  static final List<String> HEADER = List.of("repo", "path", "chunk", "start_line", "end_line",
      "content_hash", "vector_hash", "file_hash", "metadata");
  /// Properties that [#chunk()] reads.
  static final List<String> CHUNK = Stream.concat(HEADER.stream(), Stream.of("language", "commit",
      "content", "size_bytes", "last_indexed", "symbols")).toList();

  /// From an answer of GraphQL.
  static StoredObject of(JsonNode json) {
    Map<String, Long> numbers = new HashMap<>();
    Map<String, String> texts = new HashMap<>();
    List<String> symbols = new ArrayList<>();
    json.properties().forEach(property -> {
      JsonNode value = property.getValue();
      if (value.isTextual())
        texts.put(property.getKey(), value.textValue());
      else if (value.isNumber())
        numbers.put(property.getKey(), value.longValue());
    });
    json.path("symbols").forEach(symbol -> symbols.add(symbol.asText()));
    return new StoredObject(id(json), numbers, texts, symbols, vector(json));
  }

  static UUID id(JsonNode json) {
    return UUID.fromString(json.at("/_additional/id").asText());
  }

  private static Optional<Embedding> vector(JsonNode json) {
    JsonNode numbers = json.at("/_additional/vector");
    if (numbers.isEmpty())
      return Optional.empty();
    float[] values = new float[numbers.size()];
    for (int i = 0; i < values.length; i++)
      values[i] = numbers.get(i).floatValue();
    return Optional.of(Embedding.of(values));
  }

  boolean isOf(RepositoryName repo) {
    return repo.value().equals(text("repo"));
  }

  ChunkHeader header() {
    return new ChunkHeader(id, new FilePath(text("path")), number("chunk"), number("start_line"),
        number("end_line"), text("content_hash"), text("vector_hash"), text("file_hash"),
        text("metadata"));
  }

  StoredChunk chunk() {
    return new StoredChunk(id, new RepositoryName(text("repo")), new FilePath(text("path")),
        text("language"), text("commit"), number("chunk"), number("start_line"),
        number("end_line"), text("content"), text("content_hash"), text("vector_hash"),
        text("file_hash"), numbers.getOrDefault("size_bytes", 0L), instant(text("last_indexed")),
        symbols, text("metadata"), vector);
  }

  String text(String property) {
    return texts.getOrDefault(property, "");
  }

  private int number(String property) {
    return numbers.getOrDefault(property, 0L).intValue();
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) { // written by someone else
      return Instant.EPOCH;
    }
  }
}

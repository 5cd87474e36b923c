package elysia.worker.weaviate;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import elysia.core.embed.Embedding;
import elysia.core.embed.EmbeddingModel;
import elysia.core.identity.FilePath;
import elysia.core.identity.RepositoryName;
import elysia.core.store.ChunkHeader;
import elysia.core.store.Keywords;
import elysia.core.store.StoredChunk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.UUID;
import java.util.stream.Stream;

/// Chunks as objects of the server.
final class ChunkJson {
  /// What [#header(JsonNode)] reads.
  static final List<String> HEADER = List.of("repo", "path", "chunk", "start_line", "end_line",
      "content_hash", "vector_hash", "file_hash", "metadata");
  /// What [#chunk(JsonNode)] reads.
  static final List<String> CHUNK = Stream.concat(HEADER.stream(), Stream.of("language", "commit",
      "content", "size_bytes", "last_indexed", "symbols")).toList();

  private static final JsonFactory FACTORY = JsonFactory.builder()
      .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER).build();

  private ChunkJson() {}

  /// Why no store of this model would take the chunk; empty when it may be sent.
  static Optional<String> fault(StoredChunk chunk, EmbeddingModel model) {
    if (model.inStore())
      return Optional.empty();
    if (chunk.vector().isEmpty())
      return Optional.of("vector: absent (expected: one of " + model + ")");
    Embedding vector = chunk.vector().get();
    if (model.dimension() > 0 && vector.dimension() != model.dimension())
      return Optional.of("vector: " + vector.dimension() + " numbers (expected: "
          + model.dimension() + ")");
    boolean zero = true;
    for (int i = 0; i < vector.dimension(); i++) {
      if (!Float.isFinite(vector.at(i)))
        return Optional.of("vector: not a number (expected: finite numbers)");
      zero &= vector.at(i) == 0;
    }
    return zero ? Optional.of("vector: all zero (expected: a direction)") : Optional.empty();
  }

  /// One object of a batch; empty when its text is not valid Unicode.
  static Optional<byte[]> write(String className, StoredChunk chunk) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(
        2 * chunk.content().length() + 1_024 + 12 * chunk.vector().map(Embedding::dimension)
            .orElse(0));
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("class", className);
      json.writeStringField("id", chunk.id().toString());
      json.writeObjectFieldStart("properties");
      properties(json, chunk);
      json.writeEndObject();
      if (chunk.vector().isPresent()) // a module leaves alone what has one
        vector(json, chunk.vector().get());
      json.writeEndObject();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Optional.of(out.toByteArray());
  }

  private static void properties(JsonGenerator json, StoredChunk chunk) throws IOException {
    json.writeStringField("repo", chunk.repo().value());
    json.writeStringField("path", chunk.path().value());
    json.writeStringField("language", chunk.language());
    json.writeStringField("commit", chunk.commit());
    json.writeNumberField("chunk", chunk.chunk());
    json.writeNumberField("start_line", chunk.startLine());
    json.writeNumberField("end_line", chunk.endLine());
    json.writeStringField("content", chunk.content());
    json.writeStringField("terms", terms(chunk.content(), chunk.path().value()));
    json.writeStringField("content_hash", chunk.contentHash());
    json.writeStringField("vector_hash", chunk.vectorHash());
    json.writeStringField("file_hash", chunk.fileHash());
    json.writeNumberField("size_bytes", chunk.sizeBytes());
    json.writeStringField("last_indexed", chunk.lastIndexed().toString());
    json.writeArrayFieldStart("symbols");
    for (String symbol : chunk.symbols())
      json.writeString(symbol);
    json.writeEndArray();
    json.writeStringField("metadata", chunk.metadata());
  }

  private static void vector(JsonGenerator json, Embedding vector) throws IOException {
    json.writeArrayFieldStart("vector");
    for (int i = 0; i < vector.dimension(); i++)
      json.writeNumber(vector.at(i));
    json.writeEndArray();
  }

  /// All words of these texts, separated by spaces.
  static String terms(String... texts) {
    StringJoiner words = new StringJoiner(" ");
    for (String text : texts)
      Keywords.each(text, words::add);
    return words.toString();
  }

  static UUID id(JsonNode object) {
    return UUID.fromString(object.at("/_additional/id").asText());
  }

  static boolean of(JsonNode object, RepositoryName repo) {
    return repo.value().equals(object.path("repo").asText());
  }

  static ChunkHeader header(JsonNode o) {
    return new ChunkHeader(id(o), new FilePath(o.path("path").asText()), o.path("chunk").asInt(),
        o.path("start_line").asInt(), o.path("end_line").asInt(),
        o.path("content_hash").asText(""), o.path("vector_hash").asText(""),
        o.path("file_hash").asText(""), text(o, "metadata"));
  }

  static StoredChunk chunk(JsonNode o) {
    List<String> symbols = new ArrayList<>();
    o.path("symbols").forEach(symbol -> symbols.add(symbol.asText()));
    return new StoredChunk(id(o), new RepositoryName(o.path("repo").asText()),
        new FilePath(o.path("path").asText()), o.path("language").asText(""),
        o.path("commit").asText(""), o.path("chunk").asInt(), o.path("start_line").asInt(),
        o.path("end_line").asInt(), text(o, "content"), text(o, "content_hash"),
        text(o, "vector_hash"), text(o, "file_hash"), o.path("size_bytes").asLong(),
        instant(text(o, "last_indexed")), symbols, text(o, "metadata"), vector(o));
  }

  private static String text(JsonNode object, String name) {
    JsonNode value = object.path(name);
    return value.isTextual() ? value.textValue() : "";
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) { // written by someone else
      return Instant.EPOCH;
    }
  }

  static Optional<Embedding> vector(JsonNode object) {
    JsonNode numbers = object.at("/_additional/vector");
    if (numbers.isEmpty())
      return Optional.empty();
    float[] values = new float[numbers.size()];
    for (int i = 0; i < values.length; i++)
      values[i] = numbers.get(i).floatValue();
    return Optional.of(Embedding.of(values));
  }
}

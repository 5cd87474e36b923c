package elysia.worker.weaviate;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import elysia.core.embed.Embedding;
import elysia.core.embed.EmbeddingModel;
import elysia.core.store.Keywords;
import elysia.core.store.StoredChunk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.StringJoiner;

/// Chunks as objects of the server.
final class ChunkJson {
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
}

package elysia.core.store;

import elysia.core.embed.Embedding;
import elysia.core.identity.FilePath;
import elysia.core.identity.RepositoryName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// A chunk as the vector store keeps it.
///
/// @param commit at which it was written; for changes from a producer the commit that it named, or
///          empty
/// @param chunk position in the file, from 0
/// @param startLine first line, 1-based
/// @param endLine last line, inclusive
/// @param contentHash SHA-256 of content, hex
/// @param vectorHash SHA-256 of exactly the text that was embedded, hex
/// @param fileHash SHA-256 of the whole file, hex
/// @param sizeBytes of the whole file
/// @param metadata JSON text given by a producer; empty when none
/// @param vector absent when the store's own module makes it, or when it was not asked for
public record StoredChunk(UUID id, RepositoryName repo, FilePath path, String language,
    String commit, int chunk, int startLine, int endLine, String content,
    String contentHash, String vectorHash, String fileHash, long sizeBytes, Instant lastIndexed,
    List<String> symbols, String metadata,
    Optional<Embedding> vector) {
  public StoredChunk {
    symbols = List.copyOf(symbols);
  }

  /// What [VectorStore#headers] and [VectorStore#list] tell of this chunk.
  public ChunkHeader header() {
    return new ChunkHeader(id, path, chunk, startLine, endLine, contentHash, vectorHash, fileHash,
        metadata);
  }
}

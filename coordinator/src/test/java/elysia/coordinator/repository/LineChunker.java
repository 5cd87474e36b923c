package elysia.coordinator.repository;

import elysia.core.chunk.Chunk;
import elysia.core.chunk.Chunker;
import elysia.core.chunk.SkipReason;
import elysia.core.identity.ChunkId;
import elysia.core.identity.CollectionName;
import elysia.core.identity.FilePath;
import elysia.core.identity.RepositoryName;
import elysia.core.identity.Sha256;
import elysia.core.store.StoredChunk;
import elysia.testkit.store.TestChunks;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A chunk for each line; a file with a NUL is binary, an empty one blank.
public final class LineChunker implements Chunker {
  @Override
  public Chunking chunk(FilePath path, byte[] content) {
    String text = new String(content, StandardCharsets.UTF_8);
    if (text.indexOf('\0') >= 0)
      return new Chunking.Skipped(SkipReason.BINARY, "NUL");
    if (text.isBlank())
      return new Chunking.Skipped(SkipReason.BLANK, "");
    List<Chunk> chunks = new ArrayList<>();
    for (String line : text.split("\n", -1))
      chunks.add(new Chunk(chunks.size(), chunks.size() + 1, chunks.size() + 1, line, ""));
    return new Chunking.Chunks("text", chunks);
  }

  @Override
  public String version() {
    return "lines-1";
  }

  /// What a worker stores of a file.
  public static List<StoredChunk> stored(CollectionName collection, RepositoryName repo,
      String path, byte[] content) {
    FilePath file = new FilePath(path);
    if (!(new LineChunker().chunk(file,
        content) instanceof Chunking.Chunks(var language, var chunks, _)))
      return List.of();
    return chunks.stream().map(c -> new StoredChunk(ChunkId.of(collection, repo, file, c.index()),
        repo, file, language, "c", c.index(), c.startLine(), c.endLine(), c.content(),
        c.contentHash(), c.vectorHash(), Sha256.hex(content), content.length, Instant.EPOCH,
        List.of(), "", Optional.of(TestChunks.vector(c.content())))).toList();
  }
}

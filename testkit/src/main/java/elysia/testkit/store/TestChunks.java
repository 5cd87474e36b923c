package elysia.testkit.store;

import elysia.core.embed.Embedding;
import elysia.core.embed.EmbeddingModel;
import elysia.core.identity.ChunkId;
import elysia.core.identity.CollectionName;
import elysia.core.identity.FilePath;
import elysia.core.identity.RepositoryName;
import elysia.core.identity.Sha256;
import elysia.core.store.StoredChunk;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Chunks with vectors that follow from their text.
public final class TestChunks {
  public static final EmbeddingModel MODEL = new EmbeddingModel("embedded", "test", 16, 256);
  public static final RepositoryName REPO = new RepositoryName("app");
  private static final Instant WHEN = Instant.parse("2026-02-03T04:05:06.789Z");

  private TestChunks() {}

  public static StoredChunk chunk(CollectionName collection, String path, String content) {
    return chunk(collection, REPO, path, 0, content);
  }

  public static StoredChunk chunk(CollectionName collection, RepositoryName repo, String path,
      int number, String content) {
    FilePath file = new FilePath(path);
    String hash = Sha256.hex(content);
    return new StoredChunk(ChunkId.of(collection, repo, file, number), repo, file, language(path),
        "c0ffee", number, number * 10 + 1, number * 10 + 9, content, hash,
        Sha256.hex("embedded " + content), Sha256.hex("file " + hash), 4_321, WHEN,
        List.of("Outer", "inner"), "{\"k\":\"v\"}", Optional.of(vector(content)));
  }

  /// Sixteen numbers between -1 and 1 that follow from the text.
  public static Embedding vector(String text) {
    byte[] digest = Sha256.digest().digest(text.getBytes(StandardCharsets.UTF_8));
    float[] values = new float[MODEL.dimension()];
    for (int i = 0; i < values.length; i++)
      values[i] = (digest[i] + 0.5f) / 128;
    return Embedding.of(values);
  }

  /// A vector at this angle from the first axis, in the plane of the first two.
  public static Embedding at(double degrees) {
    float[] values = new float[MODEL.dimension()];
    values[0] = (float) Math.cos(Math.toRadians(degrees));
    values[1] = (float) Math.sin(Math.toRadians(degrees));
    return Embedding.of(values);
  }

  public static StoredChunk with(StoredChunk chunk, Embedding vector) {
    return with(chunk, Optional.of(vector));
  }

  /// As a search gives it.
  public static StoredChunk withoutVector(StoredChunk chunk) {
    return with(chunk, Optional.empty());
  }

  private static StoredChunk with(StoredChunk c, Optional<Embedding> vector) {
    return new StoredChunk(c.id(), c.repo(), c.path(), c.language(), c.commit(), c.chunk(),
        c.startLine(), c.endLine(), c.content(), c.contentHash(), c.vectorHash(), c.fileHash(),
        c.sizeBytes(), c.lastIndexed(), c.symbols(), c.metadata(), vector);
  }

  private static String language(String path) {
    if (path.endsWith(".java"))
      return "java";
    return path.endsWith(".py") ? "python" : "text";
  }
}
